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
import java.io.InputStream;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.ProgramView;

/** The Python programs of a pool. */
@Path("/pools/{pool}/programs")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ProgramsResource {
    @Inject
    private PoolOperations operations;

    /** Lists the programs. */
    @GET
    @Tells(value = "Lists the programs that the pool can call.", answer = ProgramView.class, list = true)
    public Response programs(@PathParam("pool") String pool) {
        return Replies.json(operations.programs(pool));
    }

    /** Calls a program; its inputs and its result pass through as bytes. */
    @POST
    @Path("{program}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Tells(
            value =
                    "Calls a program with the members of the body as keyword arguments and answers its result. A program that raises is "
                            + "answered with status 500 and category program_error: the request was right and the service works, so neither a "
                            + "4xx nor another 5xx would be true.",
            body = Object.class,
            answer = Object.class)
    public Response call(
            @PathParam("pool") String pool,
            @PathParam("program") String program,
            InputStream body,
            @BeanParam CallHeaders headers) {
        if (program.startsWith("$")) { // built in, and not for callers from outside
            throw PythonException.of(new ErrorDetails(
                    ErrorCategory.VALIDATION_ERROR,
                    "UnknownProgram",
                    "pool " + pool + " has no program " + program,
                    null,
                    null,
                    ErrorContext.of(pool, program),
                    false));
        }
        CallOptions options = headers.options();
        Payload inputs = Payload.of(RequestBody.inputs(body).checkedObject());
        byte[] result = operations.call(pool, program, inputs, options).json();
        return Response.ok(result, MediaType.APPLICATION_JSON_TYPE)
                .header(CallHeaders.CORRELATION, options.context().correlationId())
                .build();
    }
}
