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
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The sessions of a pool. */
@Path("/pools/{pool}/sessions")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class SessionsResource {
    @Inject
    private ServiceOperations service;

    /** Lists the sessions. */
    @GET
    @ApiOperation(
            value =
                    "Lists the sessions, newest first, in pages: limit is from 1 to 1,000 and by default 100, and after is next of the page before.",
            answer = SessionView.class,
            paged = true,
            errors = ErrorType.INVALID_VALUE)
    public Response sessions(
            @PathParam("pool") String pool,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit) {
        return Replies.json(service.pool(pool).sessions(PageRequest.parse(after, limit)));
    }

    /** Forgets one session. */
    @DELETE
    @Path("{session}")
    @ApiOperation(
            value =
                    "Removes one session and its state; a call of it that is running ends normally, but its state is dropped.",
            status = 204)
    public Response forget(
            @PathParam("pool") String pool, @PathParam("session") String session, @Context SecurityContext security) {
        service.pool(pool).forgetSession(session, Replies.actor(security));
        return Replies.done();
    }
}
