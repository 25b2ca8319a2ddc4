package org.vivarium.web.rest.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.web.rest.openapi.ApiOperation;

/** What Prometheus reads. */
@Path("/metrics")
@ApplicationScoped
@Produces(MediaType.TEXT_PLAIN)
public class ScrapeResource {
    private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    @Inject
    private ServiceOperations service;

    /** Answers the numbers of all pools. */
    @GET
    @ApiOperation(
            value = "Returns the metrics of all pools in the Prometheus text format, version 0.0.4.",
            answer = String.class,
            mediaType = MediaType.TEXT_PLAIN)
    public Response metrics() {
        return Response.ok(service.prometheus().getBytes(UTF_8), FORMAT).build();
    }
}
