package org.vivarium.web.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.BreakerView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The circuit breakers of the programs of a pool. */
@Path("/pools/{pool}/breakers")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class BreakersResource {
    @Inject
    private ServiceOperations service;

    /** Lists the breakers. */
    @GET
    @ApiOperation(
            value =
                    "Lists the circuit breakers of the programs that are known, by name: CLOSED, OPEN or HALF_OPEN, and since when.",
            answer = BreakerView.class,
            list = true)
    public Response breakers(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).breakers());
    }

    /** Opens one breaker. */
    @POST
    @Path("{program}/open")
    @ApiOperation(
            value = "Opens the circuit breaker of a program: its calls are refused until somebody closes it.",
            status = 204)
    public Response open(
            @PathParam("pool") String pool, @PathParam("program") String program, @Context SecurityContext security) {
        service.pool(pool).openBreaker(program, Replies.actor(security));
        return Replies.done();
    }

    /** Closes one breaker. */
    @POST
    @Path("{program}/close")
    @ApiOperation(value = "Closes the circuit breaker of a program, whatever opened it.", status = 204)
    public Response close(
            @PathParam("pool") String pool, @PathParam("program") String program, @Context SecurityContext security) {
        service.pool(pool).closeBreaker(program, Replies.actor(security));
        return Replies.done();
    }
}
