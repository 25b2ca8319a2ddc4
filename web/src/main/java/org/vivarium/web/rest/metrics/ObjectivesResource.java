package org.vivarium.web.rest.metrics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.objectives.ObjectivesView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The service objectives of a pool. */
@Path("/pools/{pool}/objectives")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ObjectivesResource {
    @Inject
    private ServiceOperations service;

    /** Shows how well they are kept. */
    @GET
    @ApiOperation(
            value = "Returns how well the service objectives of a pool are met: levels, error budgets and burn rates.",
            answer = ObjectivesView.class)
    public Response objectives(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).numbers().objectives());
    }
}
