package org.vivarium.it.consumer;

import static java.util.stream.Collectors.joining;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.vivarium.api.CallOptions;
import org.vivarium.api.PoolName;
import org.vivarium.api.PythonPool;
import org.vivarium.api.client.PythonPools;

/** Calls Python in every other way than one after another. */
@Path("/doors")
@Produces(MediaType.TEXT_PLAIN)
public class DoorsResource {

    @Inject
    @PoolName("default")
    PythonPool pool;

    @Inject
    Examples examples;

    /** What goes to Python as it is. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Image(byte[] data) {}

    /** Returns numbers, as they came. */
    @GET
    @Path("stream")
    public String stream(@QueryParam("amount") int amount) {
        try (Stream<Integer> numbers =
                pool.stream("stream_numbers", Map.of("amount", 1_000_000), Integer.class, CallOptions.DEFAULT)
                        .stream()) {
            return numbers.limit(amount).map(String::valueOf).collect(joining(" "));
        }
    }

    /** Returns whether binary data of that size came back unchanged, as a record, in a map, and bare. */
    @GET
    @Path("binary")
    public String binary(@QueryParam("size") int size) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        Image image = pool.call("echo", new Image(data), Image.class);
        byte[] bare = pool.call("echo_bytes", Map.of("data", data), byte[].class);
        Object inMap =
                pool.call("echo", Map.of("list", List.of(data)), Map.class).get("list");
        return Arrays.equals(data, image.data()) + " "
                + Arrays.equals(data, bare)
                + " "
                + Arrays.equals(data, (byte[]) ((List<?>) inMap).get(0));
    }

    /** Returns how a cancelled call ended, once its worker is free again. */
    @GET
    @Path("cancel")
    public String cancel() {
        CompletableFuture<?> sleeping = examples.sleep(600, CallOptions.DEFAULT).toCompletableFuture();
        boolean cancelled = sleeping.cancel(true);
        return cancelled + " " + pool.healthCheck(Map.of()).get("status");
    }

    /** Returns what an injected interface and one without injection answer. */
    @GET
    @Path("proxy")
    public String proxy() {
        Examples found = PythonPools.proxy(Examples.class);
        byte[] echoed = (byte[]) examples.echo(new Image(new byte[] {1, 2}));
        try (Stream<Integer> numbers = examples.numbers(3).stream()) {
            return examples.statistics(List.of(1.0, 3.0)).mean() + " " + found.mean(1.0, 2.0) + " "
                    + Arrays.toString(echoed)
                    + " "
                    + numbers.toList();
        }
    }
}
