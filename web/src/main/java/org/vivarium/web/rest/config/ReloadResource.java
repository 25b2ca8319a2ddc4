package org.vivarium.web.rest.config;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.settings.ReloadView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The configuration as it is on the disk. */
@Path("/config/reload")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ReloadResource {
    @Inject
    private ServiceOperations service;

    /** Reads it again. */
    @POST
    @ApiOperation(
            value = "Reads the configuration again: what changed, what will hold later, and what is wrong with single "
                    + "pools, which go on as they were. The service does the same by itself within seconds after a file "
                    + "has changed.",
            answer = ReloadView.class)
    public Response reload(@Context SecurityContext security) {
        return Replies.json(service.reload(Replies.actor(security)));
    }
}
