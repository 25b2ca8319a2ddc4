package org.vivarium.web.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import org.vivarium.api.ErrorType;
import org.vivarium.api.LogLevel;
import org.vivarium.api.OneOf;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.worker.LoggerView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.exchange.RequestBody;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The levels of Python loggers. */
@Path("/pools/{pool}/loggers")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class LoggersResource {
    @Inject
    private ServiceOperations service;

    /** Lists what was set. */
    @GET
    @ApiOperation(
            value = "Lists the Python loggers that were given a level here, by name.",
            answer = LoggerView.class,
            list = true)
    public Response loggers(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).loggerLevels());
    }

    /** Sets one level. */
    @PUT
    @Path("{logger}")
    @Consumes(MediaType.APPLICATION_JSON)
    @ApiOperation(
            value =
                    "Gives a Python logger, such as crm.db or root, a level in all workers, also in those that start later; calls go on.",
            body = Level.class,
            errors = ErrorType.INVALID_VALUE,
            status = 204)
    public Response set(
            @PathParam("pool") String pool,
            @PathParam("logger") String logger,
            InputStream body,
            @Context SecurityContext security) {
        LogLevel level = LogLevel.parse(RequestBody.small(body).text("level"));
        service.pool(pool).setLoggerLevel(logger, level, Replies.actor(security));
        return Replies.done();
    }

    /** Takes one level back. */
    @DELETE
    @Path("{logger}")
    @ApiOperation(value = "Gives a Python logger the level of the program again.", status = 204)
    public Response takeBack(
            @PathParam("pool") String pool, @PathParam("logger") String logger, @Context SecurityContext security) {
        service.pool(pool).setLoggerLevel(logger, null, Replies.actor(security));
        return Replies.done();
    }

    /** The body of a change. */
    public record Level(@OneOf(namesOf = LogLevel.class) String level) {}
}
