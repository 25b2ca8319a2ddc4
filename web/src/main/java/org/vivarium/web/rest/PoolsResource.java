package org.vivarium.web.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
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
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.worker.LoggerView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.exchange.RequestBody;
import org.vivarium.web.rest.openapi.ApiOperation;

/** Pools: what they are doing, and what an operator does with them. */
@Path("/pools")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class PoolsResource {
    @Inject
    private ServiceOperations service;

    /** Lists all pools. */
    @GET
    @ApiOperation(value = "Lists all pools, those that cannot start included.", answer = PoolView.class, list = true)
    public Response pools() {
        return Replies.json(service.pools());
    }

    /** Returns one pool. */
    @GET
    @Path("{pool}")
    @ApiOperation(
            value = "Returns one pool, also one that cannot start.",
            answer = PoolView.class,
            never = ErrorType.POOL_FAILED)
    public Response pool(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).view());
    }

    /** Sets the number of workers to keep. */
    @POST
    @Path("{pool}/resize")
    @Consumes(MediaType.APPLICATION_JSON)
    @ApiOperation(
            value =
                    "Sets the number of workers to keep, between the pool's minimum and maximum; the workers follow shortly after.",
            body = Size.class,
            status = 202)
    public Response resize(@PathParam("pool") String pool, InputStream body, @Context SecurityContext security) {
        int size = RequestBody.small(body).wholeNumber("size");
        service.pool(pool).resize(size, Replies.actor(security));
        return Replies.begun();
    }

    /** Replaces all workers by a new generation. */
    @POST
    @Path("{pool}/rolling-restart")
    @ApiOperation(
            value =
                    "Replaces all workers, with modules and configuration as they are on disk now, and goes back if that "
                            + "fails; the member rollout of the pool tells how it goes.",
            errors = {ErrorType.ROLLOUT_RUNNING, ErrorType.INVALID_CONFIGURATION},
            status = 202)
    public Response rollingRestart(@PathParam("pool") String pool, @Context SecurityContext security) {
        service.pool(pool).rollingRestart(Replies.actor(security));
        return Replies.begun();
    }

    /** Stops giving out workers. */
    @POST
    @Path("{pool}/drain")
    @ApiOperation(value = "Refuses new calls from now on; running ones are finished.", status = 202)
    public Response drain(@PathParam("pool") String pool, @Context SecurityContext security) {
        service.pool(pool).drain(Replies.actor(security));
        return Replies.begun();
    }

    /** Takes up work again. */
    @POST
    @Path("{pool}/resume")
    @ApiOperation(value = "Takes calls again after a drain.", status = 202)
    public Response resume(@PathParam("pool") String pool, @Context SecurityContext security) {
        service.pool(pool).resume(Replies.actor(security));
        return Replies.begun();
    }

    /** Lists the levels of Python loggers that were set. */
    @GET
    @Path("{pool}/loggers")
    @ApiOperation(
            value = "Lists the Python loggers that were given a level here, by name.",
            answer = LoggerView.class,
            list = true)
    public Response loggers(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).loggerLevels());
    }

    /** Sets the level of one logger. */
    @PUT
    @Path("{pool}/loggers/{logger}")
    @Consumes(MediaType.APPLICATION_JSON)
    @ApiOperation(
            value =
                    "Gives a Python logger, such as crm.db or root, a level in all workers, also in those that start later; calls go on.",
            body = Level.class,
            errors = ErrorType.INVALID_VALUE,
            status = 204)
    public Response setLogger(
            @PathParam("pool") String pool,
            @PathParam("logger") String logger,
            InputStream body,
            @Context SecurityContext security) {
        LogLevel level = LogLevel.parse(RequestBody.small(body).text("level"));
        service.pool(pool).setLoggerLevel(logger, level, Replies.actor(security));
        return Replies.done();
    }

    /** Takes the level of one logger back. */
    @DELETE
    @Path("{pool}/loggers/{logger}")
    @ApiOperation(value = "Gives a Python logger the level of the program again.", status = 204)
    public Response resetLogger(
            @PathParam("pool") String pool, @PathParam("logger") String logger, @Context SecurityContext security) {
        service.pool(pool).setLoggerLevel(logger, null, Replies.actor(security));
        return Replies.done();
    }

    /** Lets totals begin at 0 again. */
    @POST
    @Path("{pool}/reset-statistics")
    @ApiOperation(value = "Resets the totals of a pool to 0; windows and Prometheus are not affected.", status = 204)
    public Response resetStatistics(@PathParam("pool") String pool, @Context SecurityContext security) {
        service.pool(pool).numbers().reset(Replies.actor(security));
        return Replies.done();
    }

    /** The body of a change of a logger. */
    public record Level(@OneOf(namesOf = LogLevel.class) String level) {}

    /** The body of a resize. */
    public record Size(int size) {}
}
