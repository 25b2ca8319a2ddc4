package org.vivarium.adapter.jmx;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.vivarium.api.view.worker.WorkerView;

/**
 * Which workers of one pool have a bean: the oldest that live, {@value #MOST} at most. Follows the workers rather than
 * the events about them, of which some may be lost. Thread safe.
 */
final class WorkerBeans {
    /** Most workers of a pool that have a bean. */
    static final int MOST = 32;

    private final Supplier<List<WorkerView>> workers;
    private final Consumer<String> register;
    private final Consumer<String> unregister;
    private final Set<String> registered = new LinkedHashSet<>(); // guarded by this

    /** Takes where the live workers are seen, oldest first, and what gives one a bean and takes it away. */
    WorkerBeans(Supplier<List<WorkerView>> workers, Consumer<String> register, Consumer<String> unregister) {
        this.workers = workers;
        this.register = register;
        this.unregister = unregister;
    }

    /** Looks which workers there are now. */
    synchronized void follow() {
        Set<String> oldest = workers.get().stream()
                .limit(MOST)
                .map(WorkerView::id)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<String> gone = new LinkedHashSet<>(registered);
        gone.removeAll(oldest);
        gone.forEach(unregister);
        registered.removeAll(gone);
        oldest.stream().filter(registered::add).forEach(register);
    }
}
