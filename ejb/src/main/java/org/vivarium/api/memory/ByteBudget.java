package org.vivarium.api.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * How many bytes may be held in memory at the same time for one purpose. Whoever is about to hold many asks for room
 * first, and closes what he got afterwards.
 *
 * <p>Those who wait get room in the order in which they came. What is larger than the whole budget gets room once
 * nobody else has any. Thread safe; nothing blocks.
 */
public final class ByteBudget {
    private final Deque<Reservation> waiting = new ArrayDeque<>(); // guarded by this, as all that follows
    private long limit;
    private long used;
    private long refused;

    /** Makes a budget of {@code limit} bytes. */
    public ByteBudget(long limit) {
        this.limit = checked(limit);
    }

    /** Returns a budget that no program can use up. */
    public static ByteBudget unlimited() {
        return new ByteBudget(Long.MAX_VALUE);
    }

    private static long checked(long limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("a budget must have at least 1 byte, was " + limit);
        }
        return limit;
    }

    /**
     * Asks for room.
     *
     * @param granted called once, by whoever makes room and outside of any lock, if it is not there at once; must not
     *     block
     */
    public Reservation request(long bytes, Runnable granted) {
        Reservation reservation = new Reservation(this, bytes, granted);
        synchronized (this) {
            if (waiting.isEmpty() && fits(bytes)) {
                grant(reservation);
            } else {
                waiting.add(reservation);
            }
        }
        return reservation;
    }

    /** Reserves room if it is there now; otherwise returns {@code false}, and counts that. */
    public synchronized boolean tryReserve(long bytes) {
        if (waiting.isEmpty() && fits(bytes)) {
            used += bytes;
            return true;
        }
        refused++;
        return false;
    }

    /** Notes that {@code bytes} are held, whether there is room for them or not: they are there already. */
    public synchronized void hold(long bytes) {
        used += bytes;
    }

    /** Gives back what {@link #tryReserve} or {@link #hold} has taken. */
    public void release(long bytes) {
        List<Reservation> served;
        synchronized (this) {
            used -= bytes;
            served = serve();
        }
        served.forEach(Reservation::tell);
    }

    /** Ends a reservation, whether it has its room or waits for it. */
    void end(Reservation reservation) {
        List<Reservation> served;
        synchronized (this) {
            if (reservation.isGranted()) {
                used -= reservation.bytes();
            } else {
                waiting.remove(reservation);
            }
            served = serve(); // also if a large one has given up that stood before small ones
        }
        served.forEach(Reservation::tell);
    }

    /** Counts a reservation that was given up because its room did not come. */
    synchronized void countRefused() {
        refused++;
    }

    private List<Reservation> serve() {
        List<Reservation> served = new ArrayList<>(0);
        for (Reservation next = waiting.peek(); next != null && fits(next.bytes()); next = waiting.peek()) {
            waiting.remove();
            grant(next);
            served.add(next);
        }
        return served;
    }

    private void grant(Reservation reservation) {
        used += reservation.bytes();
        reservation.grant();
    }

    private boolean fits(long bytes) {
        return bytes <= limit - used || used <= 0;
    }

    /** Returns how many bytes may be held. */
    public synchronized long limit() {
        return limit;
    }

    /** Changes how many bytes may be held; what is held stays. */
    public void limit(long bytes) {
        List<Reservation> served;
        synchronized (this) {
            limit = checked(bytes);
            served = serve();
        }
        served.forEach(Reservation::tell);
    }

    /** Returns how many bytes are held. */
    public synchronized long used() {
        return used;
    }

    /** Returns how many wait for room. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /** Returns how often there was no room, since the service started. */
    public synchronized long refused() {
        return refused;
    }
}
