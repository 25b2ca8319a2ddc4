package org.vivarium.web.rest.metrics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.resources.ResourcesView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** What the machine, the JVM and the Python processes use. */
@Path("/resources")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ResourcesResource {
    @Inject
    private ServiceOperations service;

    /** Shows what was seen last. */
    @GET
    @ApiOperation(
            value = "Returns what the machine, the JVM and each Python process use, sampled every 5 s.",
            answer = ResourcesView.class)
    public Response resources() {
        return Replies.json(service.resources());
    }
}
