package org.vivarium.core.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.vivarium.api.CallContext;
import org.vivarium.api.Payload;

class CallFrameTest {

    @Property(tries = 300)
    void the_head_says_what_follows_byte_by_byte(
            @ForAll @StringLength(max = 200) String program,
            @ForAll byte[] context,
            @ForAll byte[] inputs,
            @ForAll @LongRange(min = 1) long id,
            @ForAll @LongRange(min = 0, max = 0xffff_ffffL) long timeoutMillis) {
        byte[] name = program.getBytes(UTF_8);
        CallFrame call = new CallFrame(name, context, Payload.of(inputs));
        ByteBuffer head = ByteBuffer.allocate(call.headSize());

        call.putHead(head, id, timeoutMillis, false);

        assertThat(head.hasRemaining()).as("exactly headSize bytes").isFalse();
        head.flip();
        assertThat(Integer.toUnsignedLong(head.getInt())).isEqualTo(call.length(false));
        assertThat(call.length(false)).isEqualTo(12L + 10 + name.length + context.length + inputs.length);
        assertThat(head.getInt()).isEqualTo(0x10_00_0000);
        assertThat(head.getLong()).isEqualTo(id);
        assertThat(Integer.toUnsignedLong(head.getInt())).isEqualTo(timeoutMillis);
        assertThat(Short.toUnsignedInt(head.getShort())).isEqualTo(name.length);
        assertThat(head.getInt()).isEqualTo(context.length);
        assertThat(bytes(head, name.length)).isEqualTo(name);
        assertThat(bytes(head, context.length)).isEqualTo(context);
    }

    @Test
    void a_timeout_beyond_32_bits_is_cut_to_the_largest() {
        CallFrame call = new CallFrame(new byte[0], new byte[0], Payload.EMPTY);
        ByteBuffer head = ByteBuffer.allocate(call.headSize());

        call.putHead(head, 1, 1L << 40, false);

        assertThat(Integer.toUnsignedLong(head.getInt(16))).isEqualTo(0xffff_ffffL);
    }

    @Test
    void the_longest_program_name_fits() {
        CallFrame call = new CallFrame(new byte[0xffff], new byte[0], Payload.EMPTY);
        ByteBuffer head = ByteBuffer.allocate(call.headSize());

        call.putHead(head, 1, 1, false);

        assertThat(Short.toUnsignedInt(head.getShort(20))).isEqualTo(0xffff);
    }

    @Test
    void attachments_in_memory_are_announced_and_do_not_count() {
        Payload inputs = new Payload("{}".getBytes(UTF_8), List.of(new byte[5], new byte[7]));
        CallFrame call = new CallFrame(new byte[1], new byte[0], inputs);
        ByteBuffer head = ByteBuffer.allocate(call.headSize());

        call.putHead(head, 1, 0, true);

        assertThat(head.get(5)).as("flags").isEqualTo((byte) Flags.IN_MEMORY);
        assertThat(head.getInt(0)).isEqualTo(12 + 10 + 1 + 8 + 16 + 2);
        assertThat(call.length(true)).isEqualTo(head.getInt(0));
        assertThat(call.length(false)).isEqualTo(call.length(true) + 12);
        assertThat(head.position(27).getInt()).as("size of the JSON").isEqualTo(2);
        assertThat(head.getInt()).as("number of attachments").isEqualTo(2);
        assertThat(head.getLong()).isEqualTo(5);
        assertThat(head.getLong()).isEqualTo(7);
    }

    @Test
    void no_context_is_no_byte() {
        assertThat(CallFrame.context(CallContext.NONE)).isEmpty();
    }

    @Test
    void a_context_is_a_json_object_of_what_is_known_whatever_is_in_it() throws Exception {
        byte[] context = CallFrame.context(new CallContext("s \"1\"\n", "c\\2", null, "ü\u0001", null, null, null));

        assertThat(Json.readObject(context))
                .isEqualTo(Map.of("session", "s \"1\"\n", "correlation_id", "c\\2", "execution_id", "ü\u0001"));
    }

    private static byte[] bytes(ByteBuffer from, int count) {
        byte[] bytes = new byte[count];
        from.get(bytes);
        return bytes;
    }
}
