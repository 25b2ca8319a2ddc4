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
import org.vivarium.api.view.metrics.PerformanceSummary;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** How a pool did of late. */
@Path("/pools/{pool}/summary")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class SummaryResource {
    @Inject
    private ServiceOperations service;

    /** Shows how the pool did of late. */
    @GET
    @ApiOperation(
            value = "Returns the metrics of a pool in the last 1, 5 and 15 minutes, with its programs and workers.",
            answer = PerformanceSummary.class)
    public Response summary(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).numbers().summary());
    }
}
