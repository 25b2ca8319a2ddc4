package org.vivarium.adapter.jmx.pool;

import java.time.Duration;
import java.time.Instant;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.api.management.BreakerMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.BreakerView;

/** Shows and steers the circuit breaker of one program. */
public final class BreakerBean implements BreakerMXBean {
    private final String program;
    private final PoolOperations operations;
    private final Cached<PoolPicture> picture;
    private final JmxCaller caller;

    public BreakerBean(String program, PoolOperations operations, Cached<PoolPicture> picture, JmxCaller caller) {
        this.program = program;
        this.operations = operations;
        this.picture = picture;
        this.caller = caller;
    }

    private BreakerView view() {
        return picture.get().breaker(program);
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
                : Duration.between(since, picture.get().at()).toMillis();
    }

    @Override
    public long getRejected() {
        return view().rejected();
    }

    @Override
    public void open() {
        operations.openBreaker(program, caller.actor());
        picture.forget();
    }

    @Override
    public void close() {
        operations.closeBreaker(program, caller.actor());
        picture.forget();
    }
}
