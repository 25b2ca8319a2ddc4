package org.vivarium.web.rest.changes;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorType;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.changes.ChangeCheck;
import org.vivarium.api.view.changes.ChangeView;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** Who changed what. */
@Path("/changes")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ChangesResource {
    @Inject
    private ServiceOperations service;

    /** Lists changes. */
    @GET
    @ApiOperation(
            value =
                    "Lists changes, newest first, in pages: limit is from 1 to 1,000 and by default 100, and after is next of the page before.",
            answer = ChangeView.class,
            paged = true,
            errors = ErrorType.INVALID_VALUE)
    public Response changes(
            @BeanParam WantedChanges wanted,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit) {
        return Replies.json(service.changes().changes(wanted.filter(), PageRequest.parse(after, limit)));
    }

    /** Checks the files. */
    @POST
    @Path("verify")
    @ApiOperation(
            value = "Reads all files of the change log and tells where they are not what was once written.",
            answer = ChangeCheck.class,
            never = ErrorType.CHANGE_NOT_RECORDED)
    public Response verify() {
        return Replies.json(service.changes().verify());
    }
}
