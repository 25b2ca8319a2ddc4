package org.vivarium.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.Test;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.page.Page;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.testing.ManualTicker;

/** That the totals are those of a full count, and that pages show all there is. */
class SessionUseTest {
    private static final int NAMES = 12;

    private final ManualTicker ticker = new ManualTicker();
    private final FakeLimits limits = new FakeLimits();
    private SessionTable table = new SessionTable(ticker, limits);

    /** All that were ever made: calls may still wait in one that was removed. */
    private final Set<Session> made = ConcurrentHashMap.newKeySet();

    private final List<Home> homes = new ArrayList<>();

    @BeforeTry
    void empty() {
        table = new SessionTable(ticker, limits);
        made.clear();
        homes.clear();
    }

    @Property(tries = 200)
    void the_totals_are_those_of_a_full_count_after_every_move(@ForAll long seed) {
        limits.sessions = 8;
        Random random = new Random(seed);
        List<SessionTurn> open = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            move(random, open);
            assertEqualToFullCount();
        }
    }

    @Property(tries = 15)
    void the_totals_are_those_of_a_full_count_whoever_moves_at_the_same_time(@ForAll long seed)
            throws InterruptedException {
        limits.sessions = 8;
        limits.waiting = 5;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Random random = new Random(seed + i);
            threads.add(new Thread(() -> {
                List<SessionTurn> open = new ArrayList<>();
                for (int step = 0; step < 500; step++) {
                    move(random, open);
                }
                open.subList(0, open.size() / 2).forEach(Turn::close);
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertEqualToFullCount();
    }

    /** One of all that may happen to sessions, and to the workers that they are bound to. */
    private void move(Random random, List<SessionTurn> open) {
        String name = "s" + random.nextInt(NAMES);
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> enter(name, open);
            case 3 -> table.forget(name);
            case 4 -> {
                ticker.advance(Duration.ofSeconds(1));
                table.sweep(Duration.ofSeconds(20));
            }
            case 5 -> home(random).leave();
            case 6 -> giveUp(random, open);
            default -> use(random, open);
        }
    }

    private void enter(String name, List<SessionTurn> open) {
        try {
            SessionTurn turn = table.enter(name);
            made.add(turn.session());
            open.add(turn);
        } catch (SessionRefusedException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    private static void giveUp(Random random, List<SessionTurn> open) {
        if (!open.isEmpty()) {
            SessionTurn turn = open.remove(random.nextInt(open.size()));
            turn.begun().cancel(false); // nothing if it has come
            turn.close();
        }
    }

    private void use(Random random, List<SessionTurn> open) {
        open.stream().filter(Turn::hasCome).findFirst().ifPresent(turn -> {
            turn.session().tryOpen();
            turn.session().bind(home(random));
            turn.session().checkpoint(random.nextInt(4) == 0 ? null : new byte[random.nextInt(100)]);
            if (random.nextBoolean()) {
                open.remove(turn);
                turn.close();
            }
        });
    }

    /** Returns a worker, which may have gone. */
    private Home home(Random random) {
        synchronized (homes) {
            if (homes.size() < 3 || random.nextInt(20) == 0) {
                homes.add(new Home("w" + homes.size()));
            }
            return homes.get(Math.max(0, homes.size() - 1 - random.nextInt(3)));
        }
    }

    private void assertEqualToFullCount() {
        List<SessionView> all = all(PageRequest.MOST);
        SessionTotals totals = table.totals();
        assertThat(totals.sessions()).isEqualTo(all.size());
        assertThat(totals.stateBytes())
                .isEqualTo(all.stream().mapToLong(SessionView::stateBytes).sum());
        assertThat(totals.bound()).isEqualTo((int)
                all.stream().filter(each -> each.worker() != null).count());
        assertThat(totals.waiting())
                .isEqualTo(made.stream().mapToInt(Session::waiting).sum());
    }

    private List<SessionView> all(int limit) {
        List<SessionView> all = new ArrayList<>();
        String after = null;
        do {
            Page<SessionView> page = table.page(new PageRequest(after, limit), Instant.EPOCH);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }

    @Property(tries = 100)
    void whoever_turns_the_pages_sees_once_what_is_there_all_the_time_though_others_come_and_go(@ForAll long seed)
            throws SessionRefusedException {
        limits.sessions = 1_000;
        Random random = new Random(seed);
        List<String> staying = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            table.enter("stays" + i).close();
            staying.add(0, "stays" + i);
            table.enter("goes" + i).close();
        }
        List<String> seen = new ArrayList<>();
        String after = null;
        do {
            Page<SessionView> page = table.page(new PageRequest(after, 1 + random.nextInt(9)), Instant.EPOCH);
            page.items().forEach(each -> seen.add(each.id()));
            after = page.next();
            table.forget("goes" + random.nextInt(50));
            table.enter("comes" + seen.size()).close();
            ticker.advance(Duration.ofSeconds(1));
            table.enter("stays" + random.nextInt(50)).close(); // used last, which is no reason to move
        } while (after != null);

        assertThat(seen).doesNotHaveDuplicates().containsSubsequence(staying);
    }

    @Test
    void a_worker_that_goes_takes_its_sessions_out_of_the_count_once() throws SessionRefusedException {
        Home home = new Home("w");
        SessionTurn turn = table.enter("a");
        turn.session().bind(home);
        assertThat(table.totals().bound()).isEqualTo(1);

        home.leave();
        home.leave();
        assertThat(table.totals().bound()).isZero();
        turn.session().bind(new Home("v"));

        assertThat(table.totals().bound()).isEqualTo(1);
        table.forget("a");
        table.forget("a");
        assertThat(table.totals().bound()).isZero();
    }

    /** A worker as sessions see it. */
    private static final class Home extends AffinityTarget {
        Home(String name) {
            super(name);
        }
    }
}
