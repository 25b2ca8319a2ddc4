package org.vivarium.adapter.jmx.pool;

import java.util.Map;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.Measured;
import org.vivarium.api.management.LatencyMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.ProgramMetrics;
import org.vivarium.core.metrics.exposition.Attribute;

/** Shows the numbers of one program. */
public final class LatencyBean implements LatencyMXBean {
    private final String program;
    private final PoolOperations operations;
    private final Cached<PoolPicture> picture;

    public LatencyBean(String program, PoolOperations operations, Cached<PoolPicture> picture) {
        this.program = program;
        this.operations = operations;
        this.picture = picture;
    }

    private ProgramMetrics view() {
        return picture.get().program(program);
    }

    /** Returns the numbers of the last minute. */
    public Measured<CallStats> measured() {
        return new Measured<>(
                Attribute.ofCalls().stream().filter(Attribute::isOfProgram).toList(), () -> view().window());
    }

    @Override
    public String getProgram() {
        return program;
    }

    @Override
    public long getCalls() {
        return view().calls();
    }

    @Override
    public long getErrors() {
        return view().errors();
    }

    @Override
    public Map<String, Double> metrics(String window) {
        return Attribute.values(operations.numbers().program(program, window).window(), Attribute::isOfProgram);
    }
}
