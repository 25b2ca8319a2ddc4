package org.vivarium.core.dispatch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.vivarium.api.WorkerId;
import org.vivarium.core.worker.Worker;
import org.vivarium.core.worker.WorkerStateMachine;
import org.vivarium.testing.ManualTicker;

/** Slots without a process behind them: whoever only moves slots never touches their channel. */
public final class TestSlots {
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private TestSlots() {}

    static Slot slot() {
        return worker(1).get(0);
    }

    /** Returns the slots of one worker. */
    @SuppressWarnings("NullAway") // the channel is for calls, and these slots see none
    static List<Slot> worker(int size) {
        Worker worker = newWorker();
        WorkerQueue workerQueue = new WorkerQueue(worker.name());
        return IntStream.range(0, size)
                .mapToObj(slot -> new Slot(worker, null, workerQueue, slot))
                .toList();
    }

    /** Returns a worker without a process, with a number that no other worker of a test has. */
    public static Worker newWorker() {
        WorkerId id = new WorkerId("test", SEQUENCE.incrementAndGet());
        return new Worker(
                new WorkerStateMachine(id, new ManualTicker(), () -> Instant.EPOCH, 10, transition -> {}),
                1,
                Instant.EPOCH);
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
