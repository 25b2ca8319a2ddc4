package org.vivarium.web.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.OneOf;
import org.vivarium.api.operation.JsonText;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.HealthView;
import org.vivarium.api.view.PoolView;
import org.vivarium.web.rest.openapi.ApiOperation;

/** What a load balancer or an orchestrator asks; open to everybody, so it names pools to viewers only. */
@Path("/health")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class HealthResource {
    private static final int UNAVAILABLE = 503;
    private static final String DOWN = "DOWN";
    private static final String VIEWER = "vivarium-viewer";

    private final Started started = new Started();

    @Inject
    private ServiceOperations service;

    /** Says that the service answers at all. */
    @GET
    @Path("live")
    @ApiOperation(value = "Returns 200 while the service runs.", answer = Status.class, open = true)
    public Response live() {
        return status(true);
    }

    /** Says whether every pool can serve. */
    @GET
    @Path("ready")
    @ApiOperation(
            value =
                    "Returns 200 if every pool can serve, otherwise 503, and to a viewer also the state of each pool that cannot.",
            answer = Readiness.class,
            alsoStatus = 503,
            open = true)
    public Response ready(@Context SecurityContext security) {
        HealthView health = service.health();
        if (health.up() || !security.isUserInRole(VIEWER)) {
            return status(health.up());
        }
        return answer(UNAVAILABLE, new Readiness(DOWN, health.down()));
    }

    /** Says whether the first workers have come up or failed. */
    @GET
    @Path("started")
    @ApiOperation(
            value =
                    "Returns 200 from the moment on when no pool is starting for the first time any more, before that 503.",
            answer = Status.class,
            alsoStatus = 503,
            open = true)
    public Response started() {
        return status(
                started.judge(service.pools().stream().map(PoolView::state).toList()));
    }

    private static Response status(boolean up) {
        return up
                ? answer(Response.Status.OK.getStatusCode(), new Status("UP"))
                : answer(UNAVAILABLE, new Status(DOWN));
    }

    private static Response answer(int status, Object body) {
        return Response.status(status).entity(JsonText.bytes(body)).build();
    }

    /** Whether the first workers have come up or failed; whoever was told so once is told so for ever. Thread safe. */
    static final class Started {
        private volatile boolean reached;

        boolean judge(List<String> states) {
            reached = reached || !states.contains("STARTING");
            return reached;
        }
    }

    /** What is answered: {@code UP} or {@code DOWN}. */
    public record Status(@OneOf({"UP", "DOWN"}) String status) {}

    /**
     * Likewise, with the state of each pool that cannot serve, by its name; only if there are some, and to a viewer.
     */
    public record Readiness(
            @OneOf({"UP", "DOWN"}) String status, @Nullable Map<String, String> pools) {}
}
