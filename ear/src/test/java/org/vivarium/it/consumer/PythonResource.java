package org.vivarium.it.consumer;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.vivarium.api.CallOptions;
import org.vivarium.api.PoolName;
import org.vivarium.api.PythonException;
import org.vivarium.api.PythonPool;

/** Calls Python with records that only this application has, and tells which exception came. */
@Path("/")
@Produces(MediaType.TEXT_PLAIN)
public class PythonResource {

    private static final CallOptions SHORT = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(500));

    @Inject
    @PoolName("default")
    PythonPool pool;

    /** What goes to Python. */
    public record Sample(List<Double> numbers) {}

    /** What comes back. */
    public record Statistics(int count, double minimum, double maximum, double mean, double deviation) {}

    /** Returns the statistics of some numbers. */
    @GET
    @Path("statistics")
    public String statistics(@QueryParam("number") List<Double> numbers) {
        return pool.call("statistics", new Sample(numbers), Statistics.class).toString();
    }

    /** Calls a program that is expected to fail, and returns the class, category and type of the exception. */
    @GET
    @Path("failure")
    public String failure(@QueryParam("program") String program, @QueryParam("seconds") Integer seconds) {
        try {
            return "no failure but "
                    + pool.call(program, seconds == null ? null : Map.of("seconds", seconds), Object.class, SHORT);
        } catch (PythonException e) {
            return e.getClass().getSimpleName() + ' ' + e.category().code() + ' ' + e.type();
        }
    }
}
