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
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.ProgressListener;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.ProgramView;
import org.vivarium.web.json.InlineBinary;
import org.vivarium.web.rest.exchange.CallHeaders;
import org.vivarium.web.rest.exchange.Correlated;
import org.vivarium.web.rest.exchange.EventWriter;
import org.vivarium.web.rest.exchange.Exchange;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.exchange.RequestBody;
import org.vivarium.web.rest.exchange.Streaming;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The Python programs of a pool. */
@Path("/pools/{pool}/programs")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ProgramsResource {
    /** Wants to know, so that operators see the progress of the call. */
    private static final ProgressListener UNHEARD = (fraction, message) -> {};

    @Inject
    private ServiceOperations service;

    /** Lists the programs. */
    @GET
    @ApiOperation(value = "Lists the programs that the pool can call.", answer = ProgramView.class, list = true)
    public Response programs(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).programs());
    }

    /** Calls a program; its inputs and its result pass through as bytes. */
    @POST
    @Path("{program}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({MediaType.APPLICATION_JSON, EventWriter.MEDIA_TYPE})
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
    public Response call(
            @PathParam("pool") String pool,
            @PathParam("program") String program,
            InputStream body,
            @BeanParam CallHeaders headers,
            @BeanParam Exchange exchange) {
        if (program.startsWith("$")) { // built in, and not for callers from outside
            throw ErrorType.UNKNOWN_PROGRAM.exception(
                    ErrorContext.of(pool, program), "pool " + pool + " has no program " + program);
        }
        CallOptions options = headers.options();
        Payload inputs = Payload.of(RequestBody.inputs(body).checkedObject());
        if (exchange.wantsEvents()) {
            String correlation = options.context().correlationId();
            EventWriter events = exchange.events(correlation);
            PayloadStream chunks = service.pool(pool).stream(program, inputs, options.withProgress(events::progress));
            return Correlated.during(correlation, () -> Streaming.deliver(chunks, events));
        }
        CallOptions quiet = options.withProgress(UNHEARD);
        byte[] result = InlineBinary.json(service.pool(pool).call(program, inputs, quiet));
        return Response.ok(result, MediaType.APPLICATION_JSON_TYPE)
                .header(CallHeaders.CORRELATION, options.context().correlationId())
                .build();
    }
}
