package org.vivarium.core.pool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.vivarium.api.WorkerId;
import org.vivarium.core.worker.Worker;
import org.vivarium.testing.ManualTicker;

/** Slots without a process behind them: whoever only moves slots never touches their channel. */
final class TestSlots {
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private TestSlots() {}

    @SuppressWarnings("NullAway") // the channel is for calls, and these slots see none
    static Slot slot() {
        WorkerId id = new WorkerId("test", next());
        return new Slot(new Worker(id, 1, new ManualTicker(), () -> Instant.EPOCH, transition -> {}), null);
    }

    /** Returns a number that no worker of a test has yet. */
    static long next() {
        return SEQUENCE.incrementAndGet();
    }

    /** Claims until nothing is free and returns what was. */
    static List<Slot> claimAll(SlotTable table) {
        List<Slot> claimed = new ArrayList<>();
        for (Slot slot = table.claimAny(); slot != null; slot = table.claimAny()) {
            claimed.add(slot);
        }
        return claimed;
    }
}
