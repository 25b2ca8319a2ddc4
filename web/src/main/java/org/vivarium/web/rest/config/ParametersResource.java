package org.vivarium.web.rest.config;

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
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.exchange.RequestBody;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The parameters of a pool. */
@Path("/pools/{pool}/config")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ParametersResource {
    @Inject
    private ServiceOperations service;

    /** Lists all parameters. */
    @GET
    @ApiOperation(
            value = "Lists all parameters with value, range, unit and effect.",
            answer = ParameterView.class,
            list = true)
    public Response parameters(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).configuration());
    }

    /** Changes parameters. */
    @PATCH
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @ApiOperation(
            value =
                    "Changes parameters, all or none: an object of attribute names, such as CheckoutTimeoutMillis, and new "
                            + "values. Answers what changed, from what to what. It holds until the service stops, unless it is saved.",
            body = Map.class,
            answer = ParameterChange.class,
            list = true)
    public Response change(@PathParam("pool") String pool, InputStream body, @Context SecurityContext security) {
        return Replies.json(service.pool(pool).configure(RequestBody.small(body).members(), Replies.actor(security)));
    }

    /** Saves parameters. */
    @POST
    @Path("save")
    @ApiOperation(
            value =
                    "Saves parameters as they are now, so that they hold after a restart: those that the query names, or "
                            + "all. Answers what was saved, from what was saved before; null means that the configuration says it.",
            answer = ParameterChange.class,
            list = true)
    public Response save(
            @PathParam("pool") String pool,
            @QueryParam("attribute") List<String> attributes,
            @Context SecurityContext security) {
        return Replies.json(service.pool(pool).saveConfiguration(attributes, Replies.actor(security)));
    }

    /** Reverts parameters. */
    @POST
    @Path("revert")
    @ApiOperation(
            value = "Sets parameters to what is configured, and forgets what was saved of them: those that the query "
                    + "names, or all. Answers what changed.",
            answer = ParameterChange.class,
            list = true)
    public Response revert(
            @PathParam("pool") String pool,
            @QueryParam("attribute") List<String> attributes,
            @Context SecurityContext security) {
        return Replies.json(service.pool(pool).revertConfiguration(attributes, Replies.actor(security)));
    }
}
