package org.vivarium.api.memory;

import java.util.ArrayList;
import java.util.List;

/** What one owner has reserved in a budget, and gives back together. Not thread safe: belongs to its owner. */
public final class Reservations implements AutoCloseable {
    private final ByteBudget budget;
    private List<Reservation> all = List.of(); // seldom any

    public Reservations(ByteBudget budget) {
        this.budget = budget;
    }

    /** Asks for room; {@code granted} is run once it has come, unless it is there at once. */
    public Reservation request(long bytes, Runnable granted) {
        Reservation reservation = budget.request(bytes, granted);
        all = all.isEmpty() ? new ArrayList<>(1) : all;
        all.add(reservation);
        return reservation;
    }

    /** Gives up the room that has not come, and gives back what has. */
    public void giveUp() {
        all.stream().filter(each -> !each.isGranted()).forEach(Reservation::giveUp);
        close();
    }

    /** Gives all back; there can be more later. */
    @Override
    public void close() {
        if (!all.isEmpty()) {
            all.forEach(Reservation::close);
            all = List.of();
        }
    }
}
