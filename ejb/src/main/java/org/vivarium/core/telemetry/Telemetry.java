package org.vivarium.core.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.event.PoolEvent;

/**
 * A bounded ring of events that one thread empties every few milliseconds.
 *
 * <p>{@link #publish} never blocks, never wakes the consumer (a wake-up per event halves the throughput of calls) and
 * costs tens of nanoseconds; when the ring is full the event is dropped and counted. Thread safe.
 */
public final class Telemetry implements AutoCloseable {
    /** Room for a pause of the consumer of about 100 ms at 150,000 calls a second. */
    static final int CAPACITY = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);
    private static final int FAILURES_LOGGED = 10;

    private final MpscAtomicArrayQueue<PoolEvent> ring = new MpscAtomicArrayQueue<>(CAPACITY);
    private final List<EventHandler> handlers = new CopyOnWriteArrayList<>();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder handlerFailures = new LongAdder();
    private final Thread consumer;
    private volatile boolean closed;

    public Telemetry(ThreadFactory threads) {
        consumer = threads.newThread(this::consume);
        consumer.setName("vivarium-telemetry");
    }

    /** Starts to hand events to the handlers. */
    public void start() {
        consumer.start();
    }

    /** Adds a handler, which hears all later events. */
    public void addHandler(EventHandler handler) {
        handlers.add(handler);
    }

    /** Leaves {@code event} to the handlers, or drops it if they are too slow. */
    public void publish(PoolEvent event) {
        if (!ring.offer(event)) {
            dropped.increment();
        }
    }

    /** Returns how many events were dropped. */
    public long dropped() {
        return dropped.sum();
    }

    /** Returns how often a handler threw. */
    public long handlerFailures() {
        return handlerFailures.sum();
    }

    private void consume() {
        while (!closed) {
            ring.drain(this::deliver);
            LockSupport.parkNanos(this, POLL_INTERVAL.toNanos());
        }
        ring.drain(this::deliver);
    }

    private void deliver(PoolEvent event) {
        for (EventHandler handler : handlers) {
            try {
                handler.on(event);
            } catch (RuntimeException e) {
                handlerFailures.increment();
                if (handlerFailures.sum() <= FAILURES_LOGGED) {
                    LOG.warn("a telemetry handler failed on {}", event, e);
                }
            }
        }
    }

    /** Delivers what is in the ring and ends the consumer; waits at most a second for a handler that hangs. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(consumer);
        try {
            consumer.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
