package org.vivarium.web.rest.metrics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.monitor.SelfView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** How the monitoring itself is doing. */
@Path("/self")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class SelfResource {
    @Inject
    private ServiceOperations service;

    /** Shows what was found. */
    @GET
    @ApiOperation(
            value = "Returns how the monitoring itself is doing: timers, telemetry, metrics, history, change log, "
                    + "configuration, deadlocks; looked at every 5 s.",
            answer = SelfView.class)
    public Response self() {
        return Replies.json(service.self());
    }
}
