package org.vivarium.web.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.ProgramView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The Python programs of a pool. */
@Path("/pools/{pool}/programs")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ProgramsResource {
    @Inject
    private ServiceOperations service;

    /** Lists the programs. */
    @GET
    @ApiOperation(value = "Lists the programs that the pool can call.", answer = ProgramView.class, list = true)
    public Response programs(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).programs());
    }
}
