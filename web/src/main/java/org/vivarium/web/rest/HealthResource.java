package org.vivarium.web.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.vivarium.api.OneOf;
import org.vivarium.api.operation.JsonText;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.web.rest.openapi.ApiOperation;

/** What a load balancer or an orchestrator asks; open to everybody, so it names no pools. */
@Path("/health")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class HealthResource {
    private static final int UNAVAILABLE = 503;

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
            value = "Returns 200 if every pool can serve, otherwise 503.",
            answer = Status.class,
            alsoStatus = 503,
            open = true)
    public Response ready() {
        return status(service.health().up());
    }

    /** Says whether the first workers have come up or failed. */
    @GET
    @Path("started")
    @ApiOperation(
            value = "Returns 200 once no pool is starting for the first time any more, otherwise 503.",
            answer = Status.class,
            alsoStatus = 503,
            open = true)
    public Response started() {
        return status(service.pools().stream().noneMatch(pool -> pool.state().equals("STARTING")));
    }

    private static Response status(boolean up) {
        return Response.status(up ? Response.Status.OK.getStatusCode() : UNAVAILABLE)
                .entity(JsonText.bytes(Map.of("status", up ? "UP" : "DOWN")))
                .build();
    }

    /** What is answered: {@code UP} or {@code DOWN}. */
    public record Status(@OneOf({"UP", "DOWN"}) String status) {}
}
