package org.vivarium.adapter.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.management.ChangeLogMXBean;
import org.vivarium.api.management.ChangeRow;

class ChangeLogBeanTest extends RegisteredBeans {
    private ChangeLogMXBean log;

    @BeforeEach
    void find() throws Exception {
        log = JMX.newMXBeanProxy(server, new ObjectName("vivarium:type=ChangeLog"), ChangeLogMXBean.class);
    }

    @Test
    void the_change_log_shows_how_far_it_has_come_and_the_last_change_in_one_line() {
        assertThat(log.getRecords()).isEqualTo(7);
        assertThat(log.getHeadHash()).isEqualTo("ab12");
        assertThat(log.getProblem()).isEmpty();
        assertThat(log.getLastChange())
                .isEqualTo("2026-11-21T00:00:00Z, ada by rest from 10.0.0.7, configure parameter QueueLimit of pool"
                        + " default, from 1000 to -1, refused: QueueLimit must be 0 or more");
    }

    @Test
    void changes_come_from_a_sequence_on_and_as_many_as_were_asked_for() {
        ChangeRow row = log.changes(0, 10).get(0);
        assertThat(row.getSequence()).isEqualTo(7);
        assertThat(row.getWhat()).isEqualTo("configure parameter QueueLimit of pool default");
        assertThat(row.getNewValue()).isEqualTo("-1");

        log.changes(7, 1000);
        assertThat(operations.told).containsExactly("changes null 10", "changes 7 1000");
        assertThatThrownBy(() -> log.changes(0, 0)).hasMessageContaining("count must be a whole number from 1 to 1000");
        assertThatThrownBy(() -> log.changes(-1, 5)).hasMessageContaining("from must be a sequence");
    }

    @Test
    void verify_tells_what_is_wrong() {
        assertThat(log.verify()).containsExactly("changes.jsonl, line 2: was edited");
    }
}
