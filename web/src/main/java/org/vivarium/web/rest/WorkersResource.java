package org.vivarium.web.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.concurrent.CompletionStage;
import org.vivarium.api.ErrorType;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.metrics.WorkerMetrics;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.web.rest.exchange.Replies;
import org.vivarium.web.rest.metrics.MetricsResource;
import org.vivarium.web.rest.openapi.ApiOperation;

/** The worker processes of a pool. What waits for one of them holds no thread of requests meanwhile. */
@Path("/pools/{pool}/workers")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class WorkersResource {
    @Inject
    private ServiceOperations service;

    /** Lists the live workers. */
    @GET
    @ApiOperation(value = "Lists the live workers, oldest first.", answer = WorkerView.class, list = true)
    public Response workers(@PathParam("pool") String pool) {
        return Replies.json(service.pool(pool).workers());
    }

    /** Shows one worker. */
    @GET
    @Path("{worker}")
    @ApiOperation(value = "Returns one worker, alive or among the last that ended.", answer = WorkerView.class)
    public Response worker(@PathParam("pool") String pool, @PathParam("worker") String worker) {
        return Replies.json(service.pool(pool).worker(worker));
    }

    /** Shows the numbers of one worker. */
    @GET
    @Path("{worker}/metrics")
    @ApiOperation(value = "Returns the metrics of one worker; window is 1m, 5m or 15m.", answer = WorkerMetrics.class)
    public Response metrics(
            @PathParam("pool") String pool,
            @PathParam("worker") String worker,
            @QueryParam("window") @DefaultValue(MetricsResource.MINUTE) String window) {
        return Replies.json(service.pool(pool).numbers().worker(worker, window));
    }

    /** Replaces one worker. */
    @POST
    @Path("{worker}/recycle")
    @ApiOperation(value = "Replaces one worker; the replacement is ready before the old one drains.", status = 202)
    public Response recycle(
            @PathParam("pool") String pool, @PathParam("worker") String worker, @Context SecurityContext security) {
        service.pool(pool).recycle(worker, Replies.actor(security));
        return Replies.begun();
    }

    /** Takes the Python stacks of one worker. */
    @POST
    @Path("{worker}/stacks")
    @ApiOperation(
            value = "Returns the Python stacks of all threads of one worker; the worker goes on.",
            errors = ErrorType.STACKS_NOT_TAKEN,
            never = ErrorType.CHANGE_NOT_RECORDED,
            answer = Stacks.class)
    public CompletionStage<Response> stacks(@PathParam("pool") String pool, @PathParam("worker") String worker) {
        return service.pool(pool).dumpStacksAsync(worker).thenApply(stacks -> Replies.json(new Stacks(stacks)));
    }

    /** Has one worker collect its garbage. */
    @POST
    @Path("{worker}/collect-garbage")
    @ApiOperation(
            value =
                    "Has one worker collect its garbage and returns how many unreachable objects it found; refused while it has "
                            + "no free slot.",
            errors = {ErrorType.WORKER_BUSY, ErrorType.WORKER_LOST},
            answer = Garbage.class)
    public CompletionStage<Response> collectGarbage(
            @PathParam("pool") String pool, @PathParam("worker") String worker, @Context SecurityContext security) {
        return service.pool(pool)
                .collectGarbageAsync(worker, Replies.actor(security))
                .thenApply(collected -> Replies.json(new Garbage(collected)));
    }

    /** The answer to a request for garbage collection: the number of unreachable objects that were found. */
    public record Garbage(long collected) {}

    /** The answer to a request for stacks. */
    public record Stacks(String stacks) {}
}
