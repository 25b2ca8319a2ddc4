package org.vivarium.core.metrics;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.PoolNow;
import org.vivarium.api.view.metrics.PoolWindow;
import org.vivarium.api.view.objectives.ObjectiveView;
import org.vivarium.core.metrics.PoolRecorder.Reading;
import org.vivarium.core.metrics.windows.Window;

/**
 * All numbers of a pool at one moment. Immutable.
 *
 * @param reading what the windows of programs and workers are made of, when somebody asks
 */
record PoolSnapshot(
        Instant at,
        PoolNow now,
        Map<Window, PoolWindow> windows,
        Reading reading,
        List<CallView> running,
        List<ObjectiveView> objectives) {
    PoolSnapshot {
        windows = Map.copyOf(windows);
        running = List.copyOf(running);
        objectives = List.copyOf(objectives);
    }

    WindowReader reader(Window window) {
        return new WindowReader(window, reading, running);
    }

    PoolWindow window(Window window) {
        return requireNonNull(windows.get(window));
    }
}
