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
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.PoolView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The user who asks. */
@Path("/me")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class MeResource {
    private static final List<String> ROLES =
            List.of("vivarium-viewer", "vivarium-caller", "vivarium-operator", "vivarium-admin");

    @Inject
    private ServiceOperations service;

    /** Tells who asks. */
    @GET
    @ApiOperation(
            value =
                    "Returns the name of the user who asks, the roles that he has, those included that others imply, and the names of the pools.",
            answer = Me.class)
    public Response me(@Context SecurityContext security) {
        List<String> held = ROLES.stream().filter(security::isUserInRole).toList();
        return Replies.json(new Me(
                Replies.actor(security).name(),
                held,
                service.pools().stream().map(PoolView::name).toList()));
    }

    /** Who asks, what he may do, and where. */
    public record Me(String name, List<String> roles, List<String> pools) {}
}
