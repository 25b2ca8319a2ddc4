package org.vivarium.api.client.bridge;

import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.JsonbException;
import jakarta.json.bind.serializer.DeserializationContext;
import jakarta.json.bind.serializer.JsonbDeserializer;
import jakarta.json.bind.serializer.JsonbSerializer;
import jakarta.json.bind.serializer.SerializationContext;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonParser;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How {@code byte[]} and {@code ByteBuffer} pass through JSON-B: as {@code {"$bytes": n}}, with the data beside the
 * JSON.
 *
 * <p>JSON-B gives its serializers nothing of the caller's, so the data pass by the thread: {@link Encoding} lays a list
 * beside it for the time of one conversion. What has no binary data never writes to the thread.
 */
public final class Binary {
    /** The name of the only member of an object that stands for binary data. */
    static final String MEMBER = "$bytes";

    private static final ThreadLocal<@Nullable List<byte[]>> BESIDE = new ThreadLocal<>();

    private Binary() {}

    /** Returns a new JSON-B that knows binary data. */
    static Jsonb binding() {
        return JsonbBuilder.create(new JsonbConfig()
                .withSerializers(new ArrayWriter(), new BufferWriter())
                .withDeserializers(new ArrayReader(), new BufferReader()));
    }

    /** Returns what lies beside this thread now. */
    public static @Nullable List<byte[]> beside() {
        return BESIDE.get();
    }

    /** Replaces what lies beside this thread. */
    static void lay(@Nullable List<byte[]> attachments) {
        if (attachments == null) {
            BESIDE.remove();
        } else {
            BESIDE.set(attachments);
        }
    }

    /** Returns the remaining bytes, without a copy if they are a whole array. */
    static byte[] bytes(ByteBuffer buffer) {
        if (buffer.hasArray() && buffer.arrayOffset() == 0 && buffer.remaining() == buffer.array().length) {
            return buffer.array();
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Returns {@code value}, with binary data in place of what stands for it inside maps and lists. */
    @SuppressWarnings("unchecked") // what is replaced are values that JSON-B made for Object
    static Object inContainers(Object value, List<byte[]> attachments) {
        if (value instanceof Map<?, ?> map) {
            if (map.size() == 1 && map.get(MEMBER) instanceof BigDecimal index) {
                return attachments.get(index.intValueExact());
            }
            ((Map<Object, Object>) map)
                    .replaceAll((key, item) -> item == null ? null : inContainers(item, attachments));
        } else if (value instanceof List<?> list) {
            ((List<Object>) list).replaceAll(item -> item == null ? null : inContainers(item, attachments));
        }
        return value;
    }

    private static void write(byte[] bytes, JsonGenerator out) {
        List<byte[]> attachments = BESIDE.get();
        if (attachments == null) {
            attachments = new ArrayList<>();
            BESIDE.set(attachments);
        }
        out.writeStartObject().write(MEMBER, attachments.size()).writeEnd();
        attachments.add(bytes);
    }

    /** Reads binary data, base64 text, or an array of numbers. */
    private static byte @Nullable [] read(JsonParser parser) {
        JsonValue value = parser.getValue();
        return switch (value.getValueType()) {
            case NULL -> null;
            case STRING -> Base64.getDecoder().decode(((JsonString) value).getString());
            case ARRAY -> numbers(value.asJsonArray().getValuesAs(JsonNumber.class));
            case OBJECT -> attached(value.asJsonObject().get(MEMBER));
            case NUMBER, TRUE, FALSE -> throw new JsonbException(value + " is not binary data");
        };
    }

    private static byte[] attached(@Nullable JsonValue index) {
        List<byte[]> attachments = BESIDE.get();
        if (attachments != null && index instanceof JsonNumber number) {
            return attachments.get(number.intValueExact());
        }
        throw new JsonbException("an object is not binary data");
    }

    private static byte[] numbers(List<JsonNumber> numbers) {
        byte[] bytes = new byte[numbers.size()];
        for (int i = 0; i < bytes.length; i++) {
            int number = numbers.get(i).intValueExact();
            if (number < Byte.MIN_VALUE || number > 0xff) {
                throw new JsonbException(number + " is no byte");
            }
            bytes[i] = (byte) number;
        }
        return bytes;
    }

    private static final class ArrayWriter implements JsonbSerializer<byte[]> {
        @Override
        public void serialize(byte[] bytes, JsonGenerator out, SerializationContext context) {
            write(bytes, out);
        }
    }

    private static final class BufferWriter implements JsonbSerializer<ByteBuffer> {
        @Override
        public void serialize(ByteBuffer buffer, JsonGenerator out, SerializationContext context) {
            write(bytes(buffer), out);
        }
    }

    private static final class ArrayReader implements JsonbDeserializer<byte[]> {
        @Override
        public byte @Nullable [] deserialize(JsonParser parser, DeserializationContext context, Type type) {
            return read(parser);
        }
    }

    private static final class BufferReader implements JsonbDeserializer<ByteBuffer> {
        @Override
        public @Nullable ByteBuffer deserialize(JsonParser parser, DeserializationContext context, Type type) {
            byte[] bytes = read(parser);
            return bytes == null ? null : ByteBuffer.wrap(bytes);
        }
    }

    /** Holds what JSON-B reads as binary data only where it is a member. */
    public static final class Member {
        private byte @Nullable [] value;

        /** Returns the data. */
        public byte @Nullable [] getValue() {
            return value;
        }

        /** Takes the data. */
        public void setValue(byte @Nullable [] value) {
            this.value = value;
        }
    }
}
