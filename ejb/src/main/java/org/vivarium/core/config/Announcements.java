package org.vivarium.core.config;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Tells listeners about changes, one after the other in the order in which the changes were made, outside of locks.
 *
 * <p>Whoever finds nobody telling tells all that is queued; others leave theirs to that thread and go on. A listener
 * may therefore make a change itself: it is told after the one that the listener heard. Thread safe.
 */
final class Announcements<L> {
    private final Logger log;
    private final String about;
    private final List<L> listeners = new CopyOnWriteArrayList<>();
    private final Queue<Consumer<L>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger untold = new AtomicInteger(); // above 0: a thread is telling

    /** Takes where failures of listeners are logged, and what the changes are about: "the parameters of pool x". */
    Announcements(Logger log, String about) {
        this.log = log;
        this.about = about;
    }

    void add(L listener) {
        listeners.add(listener);
    }

    /** Queues a change; to be called under the lock that makes changes one after the other. */
    void queue(Consumer<L> change) {
        queue.add(change);
    }

    /** Tells one queued change, and with it all others unless another thread is at it; to be called without a lock. */
    void tell() {
        if (untold.getAndIncrement() > 0) {
            return;
        }
        do {
            Consumer<L> change = queue.remove(); // there is one for each call
            listeners.forEach(listener -> tell(listener, change));
        } while (untold.decrementAndGet() > 0);
    }

    private void tell(L listener, Consumer<L> change) {
        try {
            change.accept(listener);
        } catch (RuntimeException | Error e) { // an error, too, must not keep later changes from being told
            log.error("a listener failed on a change of {}; the change is kept", about, e);
        }
    }
}
