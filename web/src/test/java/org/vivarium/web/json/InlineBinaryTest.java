package org.vivarium.web.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;
import java.util.Random;
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
    void without_data_nothing_is_looked_at_nor_copied() {
        byte[] json = "{\"$bytes\":0}".getBytes(UTF_8);

        assertThat(InlineBinary.of(Payload.of(json)).buffers().next().array()).isSameAs(json);
    }

    @Test
    void large_data_are_encoded_piece_by_piece_without_a_seam() {
        byte[] data = new byte[200_000];
        new Random(1).nextBytes(data);

        assertThat(inline("{\"$bytes\":0}", data))
                .isEqualTo('"' + Base64.getEncoder().encodeToString(data) + '"');
    }

    private static String inline(String json, byte[]... attachments) {
        InlineBinary text = InlineBinary.of(new Payload(json.getBytes(UTF_8), List.of(attachments)));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        text.buffers()
                .forEachRemaining(
                        each -> all.write(each.array(), each.arrayOffset() + each.position(), each.remaining()));
        assertThat(text.length()).isEqualTo(all.size());
        return all.toString(UTF_8);
    }
}
