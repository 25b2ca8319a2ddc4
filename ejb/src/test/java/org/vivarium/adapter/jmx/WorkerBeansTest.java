package org.vivarium.adapter.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vivarium.api.view.worker.WorkerView;

class WorkerBeansTest {
    private final List<WorkerView> live = new ArrayList<>();
    private final Set<String> registered = new TreeSet<>();
    private final WorkerBeans beans = new WorkerBeans(() -> List.copyOf(live), this::register, this::unregister);

    private void register(String worker) {
        assertThat(registered.add(worker)).as("%s is registered once", worker).isTrue();
    }

    private void unregister(String worker) {
        assertThat(registered.remove(worker)).as("%s was registered", worker).isTrue();
    }

    private void start(int number) {
        live.add(FakeOperations.viewOf("w-" + number));
    }

    private Set<String> oldest() {
        return live.stream().limit(32).map(WorkerView::id).collect(Collectors.toSet());
    }

    @Test
    void the_oldest_32_have_a_bean_and_the_next_one_gets_it_when_one_ends() {
        IntStream.range(100, 140).forEach(this::start);
        beans.follow();
        assertThat(registered).hasSize(32).contains("w-100", "w-131").doesNotContain("w-132");

        live.remove(0);
        beans.follow();
        assertThat(registered).hasSize(32).contains("w-132").doesNotContain("w-100");
    }

    @Test
    void a_storm_of_recycles_leaves_nothing_behind_whichever_events_are_lost() {
        Random random = new Random(7);
        for (int i = 100; i < 2_000; i++) {
            start(i);
            if (live.size() > 50) {
                live.subList(0, random.nextInt(50)).clear();
            }
            if (random.nextInt(3) == 0) { // the others were lost
                beans.follow();
                assertThat(registered).isEqualTo(oldest());
            }
        }
        live.clear();
        beans.follow();
        assertThat(registered).isEqualTo(Collections.emptySet());
    }
}
