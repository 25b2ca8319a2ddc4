package org.vivarium.core.telemetry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;
import org.vivarium.api.event.EventFilter;
import org.vivarium.api.event.EventReporter;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.core.log.LogReporter;
import org.vivarium.core.time.Ticker;
import org.vivarium.core.trace.CallTracer;
import org.vivarium.core.trace.TraceContext;

/**
 * A bounded ring of events that one thread empties every few milliseconds, and their handlers.
 *
 * <p>{@link #publish} never blocks, never wakes the consumer (a wake-up per event halves the throughput of calls) and
 * costs tens of nanoseconds; when the ring is full the event is dropped and counted. Handlers of the service itself run
 * on that thread; all others on one of their own. Thread safe.
 */
public final class Telemetry implements AutoCloseable {
    /** Room for a pause of the consumer of about 100 ms at 150,000 calls a second. */
    static final int CAPACITY = 16_384;

    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);
    private static final long END_WITHIN_MILLIS = 1_000;

    private final MpscAtomicArrayQueue<TimestampedEvent> ring = new MpscAtomicArrayQueue<>(CAPACITY);
    private final List<EventSink> sinks = new CopyOnWriteArrayList<>();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder invalidTraces = new LongAdder();
    private final EventClock eventClock;
    private final ThreadFactory threads;
    private final Thread consumer;
    private volatile boolean closed;

    private volatile EventFilter filter = EventFilter.DEFAULT;
    private volatile @Nullable CallTracer tracer;

    /** When the ring was last seen without an event that is older; by the system's clock. */
    private volatile long freshNanos = System.nanoTime();

    /** A stream of events by the clocks of the system. */
    public Telemetry(ThreadFactory threads) {
        this(threads, Ticker.system(), InstantSource.system());
    }

    /** A stream of events whose times are readings of {@code ticker}, and shown by {@code clock}. */
    public Telemetry(ThreadFactory threads, Ticker ticker, InstantSource clock) {
        this.eventClock = new EventClock(ticker, clock);
        this.threads = threads;
        consumer = threads.newThread(this::consume);
        consumer.setName("vivarium-telemetry");
    }

    /** Starts to hand events to the handlers. */
    public void start() {
        freshNanos = System.nanoTime();
        consumer.start();
    }

    /** Adds a handler of the service itself, known to be quick, which gets all later events. */
    public void addHandler(EventHandler handler) {
        addHandler("handler-" + (sinks.size() + 1), handler, event -> true);
    }

    /** Likewise, which gets the events that {@code which} lets through, whatever the filter says. */
    public void addHandler(String name, EventHandler handler, Predicate<PoolEvent> which) {
        sinks.add(new DirectSink(name, handler, which));
    }

    /**
     * Adds a handler that may block: it has a queue and a thread of its own. It gets what {@code which} lets through.
     */
    public void addQueuedHandler(String name, EventReporter handler, Predicate<PoolEvent> which) {
        sinks.add(new QueuedSink(name, handler, which, eventClock, threads));
    }

    /** Likewise, which gets the events that the filter lets through. */
    public void addReporter(EventReporter reporter) {
        addQueuedHandler(reporter.name(), reporter, event -> wants(event.type()));
    }

    /** Likewise for the log, if that takes them. */
    public void addLog(LogReporter log) {
        addQueuedHandler(log.name(), log, event -> wants(event.type()) && log.takes(event));
    }

    /** Returns whether the filter lets events of {@code type} through: one volatile read. */
    public boolean wants(EventType type) {
        return filter.wants(type);
    }

    /** Returns what the log and reporters get, and which events on request are published at all. */
    public EventFilter filter() {
        return filter;
    }

    /** Sets what the log and reporters get, and which events on request are published at all, from now on. */
    public synchronized void filter(EventFilter changed) {
        filter = changed;
    }

    /** Leaves {@code event}, which happens now, to the handlers, or drops it if they are too slow. */
    public void publish(PoolEvent event) {
        publish(event, eventClock.ticker().nanos());
    }

    /** Likewise for who knows already that the ticker reads {@code nanos}: it is not asked twice for one call. */
    public void publish(PoolEvent event, long nanos) {
        if (!ring.offer(new TimestampedEvent(event, nanos))) {
            dropped.increment();
        }
    }

    /** Returns who makes a span of each call; {@code null} if nobody does. */
    public @Nullable CallTracer tracer() {
        return tracer;
    }

    /** Has a span made of each call that begins from now on. */
    public void traceBy(CallTracer found) {
        tracer = found;
    }

    /** Returns {@code context} without what is not valid of its trace, which is counted. */
    public CallContext checked(CallContext context) {
        if (TraceContext.isAbsent(context)) {
            return context;
        }
        CallContext valid = TraceContext.checked(context);
        if (TraceContext.lost(context, valid)) {
            invalidTraces.increment();
        }
        return valid;
    }

    /** Returns how many calls came with a trace context that was not valid, or only in part. */
    public long invalidTraces() {
        return invalidTraces.sum();
    }

    /** Returns how many events were published, those that were dropped included. */
    public long published() {
        return ring.currentProducerIndex() + dropped();
    }

    /** Returns how many events were taken from the ring. */
    public long delivered() {
        return ring.currentConsumerIndex();
    }

    /** Returns how many events were dropped because the ring was full. */
    public long dropped() {
        return dropped.sum();
    }

    /** Returns how often a handler threw. */
    public long handlerFailures() {
        return sinks.stream().mapToLong(EventSink::failures).sum();
    }

    /** Returns how many events are in the ring now. */
    public int waiting() {
        return ring.size();
    }

    /** Returns how many events the ring can hold. */
    public int capacity() {
        return ring.capacity();
    }

    /** Returns how old an event in the ring can be at most; about 10 ms while the handlers keep up. */
    public Duration lag() {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - freshNanos));
    }

    /** Returns what each handler has handled, in the order in which they were added. */
    public List<SinkView> handlers() {
        return sinks.stream().map(EventSink::view).toList();
    }

    private void consume() {
        while (!closed) {
            deliverAll();
            LockSupport.parkNanos(this, POLL_INTERVAL.toNanos());
        }
        deliverAll();
    }

    private void deliverAll() {
        long now = System.nanoTime(); // before: what comes while the ring is emptied is younger
        int left = ring.size();
        while (left > 0) {
            left -= Math.max(1, ring.drain(this::deliver, left));
        }
        freshNanos = now;
    }

    private void deliver(TimestampedEvent timed) {
        for (EventSink sink : sinks) {
            sink.offer(timed);
        }
    }

    /** Delivers what is in the ring and in the queues, and ends all threads; waits at most a second for who hangs. */
    @Override
    public void close() {
        long until = System.nanoTime() + Duration.ofMillis(END_WITHIN_MILLIS).toNanos();
        closed = true;
        LockSupport.unpark(consumer);
        try {
            consumer.join(END_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sinks.forEach(sink -> sink.close(until));
    }
}
