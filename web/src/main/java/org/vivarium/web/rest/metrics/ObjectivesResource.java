package org.vivarium.web.rest.metrics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.objectives.ObjectivesView;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.exchange.RequestBody;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The service objectives of a pool. */
@Path("/pools/{pool}/objectives")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ObjectivesResource {
    @Inject
    private ServiceOperations service;

    /** Shows how well they are kept. */
    @GET
    @ApiOperation(
            value = "Returns how well the service objectives of a pool are met: levels, error budgets and burn rates.",
            answer = ObjectivesView.class)
    public Response objectives(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).numbers().objectives());
    }

    /** Changes targets. */
    @PATCH
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @ApiOperation(
            value =
                    "Changes targets of objectives, all or none: an object of their names, such as prep*.DurationMillis, and new "
                            + "numbers. Answers what changed, from what to what. It holds until the service stops, unless it is saved.",
            body = Map.class,
            answer = ParameterChange.class,
            list = true)
    public Response change(@PathParam("pool") String pool, InputStream body, @Context SecurityContext security) {
        return Replies.json(
                service.pool(pool).changeObjectives(RequestBody.small(body).members(), Replies.actor(security)));
    }

    /** Saves targets. */
    @POST
    @Path("save")
    @ApiOperation(
            value =
                    "Saves targets of objectives as they are now, so that they hold after a restart: those that the query "
                            + "names, or all. Answers what was saved, from what was saved before; null means that the configuration says it.",
            answer = ParameterChange.class,
            list = true)
    public Response save(
            @PathParam("pool") String pool,
            @QueryParam("attribute") List<String> targets,
            @Context SecurityContext security) {
        return Replies.json(service.pool(pool).saveObjectives(targets, Replies.actor(security)));
    }

    /** Reverts targets. */
    @POST
    @Path("revert")
    @ApiOperation(
            value =
                    "Sets targets of objectives to what is configured, and forgets what was saved of them: those that the "
                            + "query names, or all. Answers what changed.",
            answer = ParameterChange.class,
            list = true)
    public Response revert(
            @PathParam("pool") String pool,
            @QueryParam("attribute") List<String> targets,
            @Context SecurityContext security) {
        return Replies.json(service.pool(pool).revertObjectives(targets, Replies.actor(security)));
    }
}
