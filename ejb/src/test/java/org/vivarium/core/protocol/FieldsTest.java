package org.vivarium.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldsTest {
    private final Fields hello =
            new Fields("HELLO", Map.of("token", "t", "pid", 7, "memory", List.of(3, 4), "odd", "x"));

    @Test
    void fields_are_read_with_the_promised_type() throws ProtocolException {
        assertThat(hello.text("token")).isEqualTo("t");
        assertThat(hello.integer("pid")).isEqualTo(7);
        assertThat(hello.pair("memory")).containsExactly(3, 4);
        assertThat(hello.optionalInteger("pid")).isEqualTo(7L);
        assertThat(hello.optionalInteger("slot")).isNull();
    }

    @Test
    void what_is_missing_is_named() {
        assertThatThrownBy(() -> hello.text("channel"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("field \"channel\" of HELLO is missing");
    }

    @Test
    void what_has_the_wrong_type_is_named() {
        assertThatThrownBy(() -> hello.integer("odd")).hasMessage("field \"odd\" of HELLO is not a number");
        assertThatThrownBy(() -> hello.text("pid")).hasMessage("field \"pid\" of HELLO is not a string");
        assertThatThrownBy(() -> hello.list("odd")).hasMessage("field \"odd\" of HELLO is not an array");
        assertThatThrownBy(() -> hello.pair("odd")).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> new Fields("HELLO", Map.of("memory", List.of(1))).pair("memory"))
                .hasMessage("field \"memory\" of HELLO is not an array of two numbers");
        assertThatThrownBy(() -> hello.element("a program", "text")).hasMessage("a program in HELLO is not an object");
    }
}
