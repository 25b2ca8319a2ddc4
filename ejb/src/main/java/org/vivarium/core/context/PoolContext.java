package org.vivarium.core.context;

import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.core.changes.ChangeRecorder;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolDefinition;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.process.WorkerLauncher;
import org.vivarium.core.telemetry.Telemetry;
import org.vivarium.core.time.Ticker;

/**
 * What a pool is built from.
 *
 * @param launcher starts worker processes
 * @param timer for delays of the life cycle and of asynchronous callers; its tasks never block
 * @param service what holds of all pools
 * @param results the room in memory for large results of all pools, until their callers have them
 */
public record PoolContext(
        PoolDefinition definition,
        ParameterStore store,
        WorkerLauncher launcher,
        Telemetry telemetry,
        Ticker ticker,
        InstantSource clock,
        ScheduledExecutorService timer,
        Supplier<ServiceSettings> service,
        ByteBudget results) {
    /** Returns where operators' changes of this pool are recorded. */
    public ChangeRecorder changes() {
        return store.recorder();
    }

    /** Returns the pool's name. */
    public String name() {
        return definition.name();
    }
}
