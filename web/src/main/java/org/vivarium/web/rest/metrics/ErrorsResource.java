package org.vivarium.web.rest.metrics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.metrics.ErrorRates;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** How the calls of a pool failed. */
@Path("/pools/{pool}/errors")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ErrorsResource {
    @Inject
    private ServiceOperations service;

    /** Shows how calls failed. */
    @GET
    @ApiOperation(
            value = "Returns how often calls failed, by category and type; window is 1m, 5m or 15m.",
            answer = ErrorRates.class)
    public Response errors(
            @PathParam("pool") String pool, @QueryParam("window") @DefaultValue(MetricsResource.MINUTE) String window) {
        return Replies.json(service.pool(pool).numbers().errors(window));
    }
}
