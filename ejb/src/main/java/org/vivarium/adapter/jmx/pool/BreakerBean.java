package org.vivarium.adapter.jmx.pool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.vivarium.api.management.BreakerMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.BreakerView;

/** Shows and steers the circuit breaker of one program. */
public final class BreakerBean implements BreakerMXBean {
    private final String program;
    private final PoolOperations operations;
    private final InstantSource clock;

    public BreakerBean(String program, PoolOperations operations, InstantSource clock) {
        this.program = program;
        this.operations = operations;
        this.clock = clock;
    }

    private BreakerView view() {
        return operations.breakers().stream()
                .filter(breaker -> breaker.program().equals(program))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("pool " + operations.name() + " has no breaker of " + program));
    }

    @Override
    public String getState() {
        return view().state();
    }

    @Override
    public int getFailures() {
        return view().failures();
    }

    @Override
    public double getSinceMillis() {
        Instant since = view().since();
        return since == null
                ? Double.NaN
                : Duration.between(since, clock.instant()).toMillis();
    }

    @Override
    public long getRejected() {
        return view().rejected();
    }

    @Override
    public void open() {
        operations.openBreaker(program, PoolBean.ACTOR);
    }

    @Override
    public void close() {
        operations.closeBreaker(program, PoolBean.ACTOR);
    }
}
