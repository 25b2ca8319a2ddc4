package org.vivarium.it.consumer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Input;
import org.vivarium.api.PythonProgram;
import org.vivarium.api.PythonStream;

/** The example programs as methods. */
@PythonProgram(pool = "default")
public interface Examples {

    /** Returns the statistics of some numbers. */
    PythonResource.Statistics statistics(@Input("numbers") List<Double> numbers);

    /** Sleeps without holding the caller. */
    CompletionStage<Map<String, Object>> sleep(@Input("seconds") double seconds, CallOptions options);

    /** Yields numbers. */
    @PythonProgram(name = "stream_numbers")
    PythonStream<Integer> numbers(@Input("amount") int amount);

    /** Returns the data as they came. */
    @PythonProgram(name = "echo_bytes")
    Object echo(@Input DoorsResource.Image image);

    /** Returns the mean of some numbers. */
    default double mean(Double... numbers) {
        return statistics(List.of(numbers)).mean();
    }
}
