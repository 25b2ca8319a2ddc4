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
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.operation.Period;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.metrics.RangeView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The numbers of a pool. */
@Path("/pools/{pool}/metrics")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class MetricsResource {
    public static final String MINUTE = "1m";

    @Inject
    private ServiceOperations service;

    /** Shows the numbers of a window. */
    @GET
    @ApiOperation(
            value =
                    "Returns the metrics of a pool and its programs, at most a second old; window is 1m, 5m or 15m. No data is null.",
            answer = MetricsView.class)
    public Response metrics(@PathParam("pool") String pool, @QueryParam("window") @DefaultValue(MINUTE) String window) {
        return Replies.json(service.pool(pool).numbers().metrics(window));
    }

    /** Shows how the pool did over time. */
    @GET
    @Path("range")
    @ApiOperation(
            value =
                    "Returns the metrics of a pool over time: from and to are instants such as 2026-11-21T10:00:00Z, by default the last "
                            + "hour; step is a duration, PT1M by default and at least 5 s; at most 2,000 steps.",
            answer = RangeView.class)
    public Response range(
            @PathParam("pool") String pool,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("step") @Nullable String step) {
        Period period = Period.parse(from, to, step, InstantSource.system());
        return Replies.json(service.pool(pool).numbers().range(period.from(), period.to(), period.step()));
    }
}
