package org.vivarium.core.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.LogLevel;
import org.vivarium.api.view.worker.LoggerView;
import org.vivarium.testing.fake.SteppedPool;

/** Whom the levels of Python loggers reach. */
class LoggerLevelsTest {
    private final SteppedPool pool = SteppedPool.started(2);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void a_level_reaches_the_workers_that_there_are_and_those_that_start_later() {
        pool.control().setLoggerLevel("crm.db", LogLevel.DEBUG, Actor.SERVICE);
        pool.control().setLoggerLevel("root", LogLevel.TRACE, Actor.SERVICE);

        assertThat(pool.worker(1).levels()).isEqualTo(Map.of("crm.db", 10, "root", 5));
        assertThat(pool.worker(2).levels()).isEqualTo(pool.worker(1).levels());
        pool.control().recycle("default-1", Actor.SERVICE);
        pool.passUntil("the replacement", () -> pool.workers().all().size() == 3);
        assertThat(pool.worker(3).levels()).isEqualTo(pool.worker(1).levels());
        assertThat(pool.control().loggerLevels())
                .containsExactly(new LoggerView("crm.db", "DEBUG"), new LoggerView("root", "TRACE"));
    }

    @Test
    void a_level_that_is_taken_back_is_nobodys_any_more() {
        pool.control().setLoggerLevel("crm.db", LogLevel.DEBUG, Actor.SERVICE);
        pool.control().setLoggerLevel("crm.db", null, Actor.SERVICE);

        assertThat(pool.worker(1).levels()).isEmpty();
        assertThat(pool.control().loggerLevels()).isEmpty();
    }

    @Test
    void there_is_an_end_to_the_loggers() {
        for (int i = 0; i < 1_000; i++) {
            pool.control().setLoggerLevel("l" + i, LogLevel.INFO, Actor.SERVICE);
        }

        assertThatThrownBy(() -> pool.control().setLoggerLevel("one more", LogLevel.INFO, Actor.SERVICE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1000 loggers have a level already; take some of them back");
        assertThat(pool.control().loggerLevels()).hasSize(1_000);
    }

    @Test
    void a_level_has_one_of_the_names_that_java_has_for_it() {
        assertThat(LogLevel.parse("warn")).isEqualTo(LogLevel.WARN);
        assertThatThrownBy(() -> LogLevel.parse("LOUD"))
                .hasMessage("level must be one of [TRACE, DEBUG, INFO, WARN, ERROR], was LOUD");
    }
}
