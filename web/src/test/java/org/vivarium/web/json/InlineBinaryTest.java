package org.vivarium.web.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Payload;

class InlineBinaryTest {
    @Test
    void data_stand_as_base64_text_where_they_belong() {
        assertThat(inline(
                        "{\"a\":{\"$bytes\": 1},\"b\":[{\"$bytes\":0}, {\"$bytes\":1}],\"é\":1}",
                        new byte[] {1, 2, 3},
                        new byte[] {-1}))
                .isEqualTo("{\"a\":\"/w==\",\"b\":[\"AQID\", \"/w==\"],\"é\":1}");
    }

    @Test
    void text_that_looks_like_it_stays_text() {
        String json = "[\"{\\\"$bytes\\\":0}\",{\"$bytes\":0},{\"$bytes\":0,\"x\":1}]";

        assertThat(inline(json, new byte[] {0})).isEqualTo("[\"{\\\"$bytes\\\":0}\",\"AA==\",{\"$bytes\":0,\"x\":1}]");
    }

    @Test
    void without_data_nothing_is_looked_at() {
        byte[] json = "{\"$bytes\":0}".getBytes(UTF_8);

        assertThat(InlineBinary.json(Payload.of(json))).isSameAs(json);
    }

    private static String inline(String json, byte[]... attachments) {
        return new String(InlineBinary.json(new Payload(json.getBytes(UTF_8), List.of(attachments))), UTF_8);
    }
}
