package org.vivarium.web.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.ProgramView;
import org.vivarium.web.rest.exchange.CallHeaders;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The Python programs of a pool. */
@Path("/pools/{pool}/programs")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ProgramsResource {
    @Inject
    private ServiceOperations service;

    /** Lists the programs. */
    @GET
    @ApiOperation(value = "Lists the programs that the pool can call.", answer = ProgramView.class, list = true)
    public Response programs(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).programs());
    }

    /** Calls, for the OpenAPI document only: they are served by {@code CallFilter}, past JAX-RS. */
    @Path("/pools/{pool}/programs")
    public interface Calls {

        /** Calls a program; its inputs and its result pass through as bytes. */
        @POST
        @Path("{program}")
        @Consumes(MediaType.APPLICATION_JSON)
        @Produces({MediaType.APPLICATION_JSON, "text/event-stream"})
        @ApiOperation(
                value =
                        "Calls a program with the members of the body as keyword arguments and returns its result; binary data in it are "
                                + "base64 text. With Accept: text/event-stream, a generator's chunks come as they are yielded: events chunk (data: "
                                + "the chunk), progress (data: fraction, message), and at the end one event end, or error (data: a problem "
                                + "document); what fails before the first event is answered as without streaming, and a client that leaves cancels "
                                + "the call. A program that raises is answered with status 500 and category program_error: the request was right "
                                + "and the service works, so neither a 4xx nor another 5xx would be true.",
                body = Object.class,
                answer = Object.class,
                streams = true)
        Response call(
                @PathParam("pool") String pool, @PathParam("program") String program, @BeanParam CallHeaders headers);
    }
}
