package org.vivarium.testing;

import java.time.Instant;
import java.util.List;
import org.vivarium.api.view.resources.HostView;
import org.vivarium.api.view.resources.JvmView;
import org.vivarium.api.view.resources.MachineView;
import org.vivarium.api.view.resources.ResourcesView;

/** Pictures on which there is nothing to see. */
public final class Unseen {
    /** No process at all. */
    public static final ResourcesView RESOURCES = new ResourcesView(
            Instant.EPOCH,
            0,
            new HostView(
                    Runtime.getRuntime().availableProcessors(),
                    Double.NaN,
                    Double.NaN,
                    0,
                    0,
                    new MachineView(0, Double.NaN, 0, 0),
                    null),
            new JvmView(ProcessHandle.current().pid(), 0, Double.NaN, 0, 0, -1, 0, 0, 0, 0, 0),
            0,
            0,
            List.of());

    private Unseen() {}
}
