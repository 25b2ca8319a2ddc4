package org.vivarium.web.rest.metrics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.vivarium.api.operation.MetricsFormat;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.web.rest.exchange.Acceptance;
import org.vivarium.web.rest.openapi.ApiOperation;

/** What Prometheus reads. */
@Path("/metrics")
@ApplicationScoped
@Produces(MediaType.WILDCARD) // which of its formats, Acceptance decides
public class ScrapeResource {
    @Inject
    private ServiceOperations service;

    /** Answers the metrics of all pools. */
    @GET
    @ApiOperation(
            value =
                    "Returns the metrics of all pools, of the machine and of the JVM in the text format of Prometheus, version 0.0.4, or, "
                            + "if Accept prefers it, of OpenMetrics, version 1.0.0.",
            answer = String.class,
            mediaTypes = {MediaType.TEXT_PLAIN, "application/openmetrics-text"})
    public Response metrics(@Context HttpHeaders headers) {
        MetricsFormat format = Acceptance.metrics(headers.getAcceptableMediaTypes());
        return Response.ok(service.metrics(format), format.mediaType()).build();
    }
}
