package org.vivarium.web.rest;

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
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.MetricsView;

/** The numbers of a pool. */
@Path("/pools/{pool}/metrics")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class MetricsResource {
    static final String MINUTE = "1m";

    @Inject
    private PoolOperations operations;

    /** Shows the numbers of a window. */
    @GET
    @Tells(
            value =
                    "Shows the numbers of a pool and its programs, as seen within the last second; window is 1m, 5m or 15m. No data is null.",
            answer = MetricsView.class)
    public Response metrics(@PathParam("pool") String pool, @QueryParam("window") @DefaultValue(MINUTE) String window) {
        return Replies.json(operations.metrics(pool, window));
    }
}
