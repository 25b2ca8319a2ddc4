package org.vivarium.web.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorType;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The calls that the workers of a pool have now. */
@Path("/pools/{pool}/calls")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class CallsResource {
    @Inject
    private ServiceOperations service;

    /** Lists the calls that wait or run. */
    @GET
    @ApiOperation(
            value =
                    "Lists the calls that wait or run, oldest first, with the progress that their programs reported, in pages: limit is from 1 to 1,000 and by default 100, and after is next of the page before.",
            answer = CallView.class,
            paged = true,
            errors = ErrorType.INVALID_VALUE)
    public Response calls(
            @PathParam("pool") String pool,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit) {
        return Replies.json(service.pool(pool).calls(PageRequest.parse(after, limit)));
    }

    /** Cancels one call. */
    @DELETE
    @Path("{call}")
    @ApiOperation(value = "Cancels one call; its work stops within a second, whatever it does.", status = 202)
    public Response cancel(
            @PathParam("pool") String pool, @PathParam("call") String call, @Context SecurityContext security) {
        service.pool(pool).cancel(call, Replies.actor(security));
        return Replies.begun();
    }
}
