package org.vivarium.api.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.HealthView;
import org.vivarium.api.view.worker.TransitionView;

class JsonTextTest {
    @Test
    void records_are_written_with_their_members_in_order() {
        TransitionView moved = new TransitionView(
                WorkerState.READY, WorkerState.BUSY, "CALL", 1.5, Instant.parse("2026-11-21T00:00:00Z"), "");

        assertThat(JsonText.of(moved))
                .isEqualTo(
                        "{\"from\":\"READY\",\"to\":\"BUSY\",\"reason\":\"CALL\",\"millisInFrom\":1.5,\"at\":\"2026-11-21T00:00:00Z\",\"detail\":\"\"}");
        assertThat(JsonText.of(new HealthView(Map.of()))).isEqualTo("{\"down\":{}}");
    }

    @Test
    void what_json_does_not_know_is_null() {
        assertThat(JsonText.of(List.of(Double.NaN, Float.POSITIVE_INFINITY))).isEqualTo("[null,null]");
        List<Object> list = new ArrayList<>(List.of(1, 2L, new BigDecimal("1.50"), true));
        list.add(null);
        assertThat(JsonText.of(list)).isEqualTo("[1,2,1.50,true,null]");
    }

    @Test
    void text_is_escaped() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a\"b", "\\\n\t\u0000é\ud83d\u2028");
        map.put("empty", List.of());

        assertThat(JsonText.of(map))
                .isEqualTo("{\"a\\\"b\":\"\\\\\\u000a\\u0009\\u0000é\\ud83d\\u2028\",\"empty\":[]}");
    }
}
