package org.vivarium.web.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;
import org.vivarium.web.rest.openapi.OpenApi;

/** Describes this interface to machines. */
@Path("/openapi")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class OpenApiResource {

    /** Answers the OpenAPI document. */
    @GET
    @ApiOperation(value = "Returns this document.", answer = Object.class)
    public Response document() {
        return Replies.json(new OpenApi(RestApplication.DESCRIBED).document());
    }
}
