package org.vivarium.core.call;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.ProgressListener;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.worker.Worker;

/**
 * One attempt at a call: which slot has it, since when, and how far it is. Belongs to the thread that carries the call;
 * {@link #id} may be asked for by any.
 */
final class Attempt {
    private final int number;
    private @Nullable Slot slot;
    private long callNumber;
    private long startNanos;
    private boolean answered;
    private boolean headStart;
    private double progress = Double.NaN;
    private String progressMessage = "";

    /** Takes which attempt at its call this is, from 1. */
    Attempt(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Notes that the worker of {@code slot} has the call from {@code now} on. */
    void givenTo(Slot slot, long now) {
        this.slot = slot;
        this.callNumber = slot.nextNumber();
        this.startNanos = now;
    }

    @Nullable Slot slot() {
        return slot;
    }

    @Nullable Worker worker() {
        Slot current = slot;
        return current == null ? null : current.worker();
    }

    /** Returns when the worker got the call, by the pool's ticker; 0 if none has. */
    long startNanos() {
        return startNanos;
    }

    long executionNanos(long now) {
        return slot == null ? 0 : now - startNanos;
    }

    /** Returns the name of the call while it runs: its worker, its place in the pool, and which one it is there. */
    String id() {
        Slot current = slot;
        return current == null ? "" : "%s.%d.%d".formatted(current.worker(), current.index(), callNumber);
    }

    /** Notes that the worker has answered with a frame. */
    void wasAnswered() {
        answered = true;
    }

    boolean answered() {
        return answered;
    }

    /** Notes how far the program says it is. */
    void progressed(double fraction, String message) {
        progress = fraction;
        progressMessage = message;
    }

    /** Returns the part that is done, from 0 to 1; NaN if the program has not said. */
    double progress() {
        return progress;
    }

    /** Tells {@code listener} how far the program says it is. */
    void tellProgress(ProgressListener listener) {
        listener.progress(progress, progressMessage);
    }

    /** Returns whether the worker has the call before its owner knows. */
    boolean isAhead() {
        return headStart;
    }

    /** Notes whether the worker has the call before its owner knows; returns what was noted before. */
    boolean headStart(boolean given) {
        boolean before = headStart;
        headStart = given;
        return before;
    }
}
