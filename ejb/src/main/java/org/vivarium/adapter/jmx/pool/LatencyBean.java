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
    private static final String MINUTE = "1m";

    private final String program;
    private final PoolOperations operations;

    public LatencyBean(String program, PoolOperations operations) {
        this.program = program;
        this.operations = operations;
    }

    private ProgramMetrics view(String window) {
        return operations.numbers().program(program, window);
    }

    /** Returns the numbers of the last minute. */
    public Measured<CallStats> measured(Cached<CallStats> cached) {
        return new Measured<>(
                Attribute.ofCalls().stream().filter(Attribute::isOfProgram).toList(), cached::get);
    }

    /** Returns the calls of the last minute. */
    public CallStats minute() {
        return view(MINUTE).window();
    }

    @Override
    public String getProgram() {
        return program;
    }

    @Override
    public long getCalls() {
        return view(MINUTE).calls();
    }

    @Override
    public long getErrors() {
        return view(MINUTE).errors();
    }

    @Override
    public Map<String, Double> metrics(String window) {
        return Attribute.values(view(window).window(), Attribute::isOfProgram);
    }
}
