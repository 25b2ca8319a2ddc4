package org.vivarium.web.rest.config;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.vivarium.api.ErrorType;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.web.json.Problem;
import org.vivarium.web.rest.exchange.ProblemException;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.exchange.RequestBody;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The parameters of the service as a whole. Those of security are for admins alone to change. */
@Path("/config")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ServiceConfigResource {
    private static final String ADMIN = "vivarium-admin";
    private static final String SECURITY = "security.";

    @Inject
    private ServiceOperations service;

    /** Lists all parameters. */
    @GET
    @ApiOperation(
            value = "Lists all parameters of the service with value, range, unit and effect.",
            answer = ParameterView.class,
            list = true)
    public Response parameters() {
        return Replies.json(service.configuration());
    }

    /** Changes parameters. */
    @PATCH
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @ApiOperation(
            value =
                    "Changes parameters of the service, all or none: an object of attribute names, such as LargestInputsMegabytes, "
                            + "and new values. Answers what changed, from what to what. It holds until the service stops, unless it is saved.",
            body = Map.class,
            answer = ParameterChange.class,
            list = true)
    public Response change(InputStream body, @Context SecurityContext security) {
        Map<String, Object> changes = RequestBody.small(body).members();
        requirePermission(changes.keySet(), security);
        return Replies.json(service.configure(changes, Replies.actor(security)));
    }

    /** Saves parameters. */
    @POST
    @Path("save")
    @ApiOperation(
            value =
                    "Saves parameters of the service as they are now, so that they hold after a restart: those that the query "
                            + "names, or all that the user may change. Answers what was saved, from what was saved before; null means "
                            + "that the configuration says it.",
            answer = ParameterChange.class,
            list = true)
    public Response save(@QueryParam("attribute") List<String> attributes, @Context SecurityContext security) {
        return Replies.json(service.saveConfiguration(permitted(attributes, security), Replies.actor(security)));
    }

    /** Reverts parameters. */
    @POST
    @Path("revert")
    @ApiOperation(
            value =
                    "Sets parameters of the service to what is configured, and forgets what was saved of them: those that the "
                            + "query names, or all that the user may change. Answers what changed.",
            answer = ParameterChange.class,
            list = true)
    public Response revert(@QueryParam("attribute") List<String> attributes, @Context SecurityContext security) {
        return Replies.json(service.revertConfiguration(permitted(attributes, security), Replies.actor(security)));
    }

    private Collection<String> permitted(List<String> attributes, SecurityContext security) {
        if (!attributes.isEmpty()) {
            requirePermission(attributes, security);
            return attributes;
        }
        Set<String> forbidden = forbidden(security);
        return service.configuration().stream()
                .map(ParameterView::attribute)
                .filter(attribute -> !forbidden.contains(attribute))
                .toList();
    }

    private void requirePermission(Collection<String> attributes, SecurityContext security) {
        Set<String> forbidden = forbidden(security);
        for (String attribute : attributes) {
            if (forbidden.contains(attribute)) {
                throw new ProblemException(Problem.of(
                        ErrorType.FORBIDDEN,
                        attribute + " is a parameter of security, which only the role " + ADMIN + " may change"));
            }
        }
    }

    private Set<String> forbidden(SecurityContext security) {
        return security.isUserInRole(ADMIN)
                ? Set.of()
                : service.configuration().stream()
                        .filter(parameter -> parameter.path().startsWith(SECURITY))
                        .map(ParameterView::attribute)
                        .collect(Collectors.toSet());
    }
}
