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
import org.vivarium.api.view.IsolationView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The programs of a pool that are isolated because they kill workers. */
@Path("/pools/{pool}/isolation")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class IsolationResource {
    @Inject
    private ServiceOperations service;

    /** Lists the isolated programs. */
    @GET
    @ApiOperation(
            value = "Lists the programs that are isolated because they kill workers, and since when.",
            answer = IsolationView.class,
            list = true)
    public Response isolation(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).isolation());
    }

    /** Releases one program. */
    @POST
    @Path("{program}/release")
    @ApiOperation(value = "Releases an isolated program although it may kill workers again.", status = 204)
    public Response release(
            @PathParam("pool") String pool, @PathParam("program") String program, @Context SecurityContext security) {
        service.pool(pool).releaseProgram(program, Replies.actor(security));
        return Response.noContent().build();
    }
}
