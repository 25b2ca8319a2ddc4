package org.vivarium.adapter.boot;

import java.time.InstantSource;
import java.util.Map;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.client.bridge.Bridge;
import org.vivarium.api.operation.JsonText;
import org.vivarium.api.operation.Period;
import org.vivarium.api.operation.PoolNumbers;
import org.vivarium.api.operation.ServiceOperations;

/** What {@link org.vivarium.api.PoolQueries} answers, as JSON that REST would answer. Thread safe. */
final class MetricsQueries {
    private final ServiceOperations service;

    MetricsQueries(ServiceOperations service) {
        this.service = service;
    }

    /** Returns the answer to the query {@code what} of {@code pool}. */
    byte[] answer(String pool, String what, Map<String, String> arguments) {
        PoolNumbers numbers = service.pool(pool).numbers();
        try {
            return JsonText.bytes(view(numbers, what, arguments));
        } catch (IllegalArgumentException e) { // one sentence on what is allowed
            throw ErrorType.INVALID_OPTION.exception(ErrorContext.of(pool), String.valueOf(e.getMessage()));
        }
    }

    private static Record view(PoolNumbers numbers, String what, Map<String, String> arguments) {
        String window = arguments.getOrDefault("window", "");
        return switch (what) {
            case Bridge.METRICS -> numbers.metrics(window);
            case Bridge.RANGE -> range(numbers, arguments);
            case Bridge.WORKER -> numbers.worker(arguments.getOrDefault("worker", ""), window);
            case Bridge.ERRORS -> numbers.errors(window);
            case Bridge.SUMMARY -> numbers.summary();
            default ->
                throw new UnsupportedOperationException(
                        "query '" + what + "': the client jar is newer than the service");
        };
    }

    private static Record range(PoolNumbers numbers, Map<String, String> arguments) {
        Period period =
                Period.parse(arguments.get("from"), arguments.get("to"), arguments.get("step"), InstantSource.system());
        return numbers.range(period.from(), period.to(), period.step());
    }
}
