package org.vivarium.api.client.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.bind.Jsonb;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Payload;

/** Writes one value as JSON by JSON-B, and keeps its binary data beside it. For one use by one thread. */
final class Encoding {
    private static final Pattern STAND_IN = Pattern.compile("\\{\"\\$bytes\":");

    private final Jsonb jsonb;
    private @Nullable List<byte[]> attachments;

    Encoding(Jsonb jsonb) {
        this.jsonb = jsonb;
    }

    /** Returns {@code value} as JSON-B writes it. */
    String json(Object value) {
        List<byte[]> outer = Binary.beside(); // of a conversion whose getter makes a call, if there is one
        if (outer != attachments) {
            Binary.lay(attachments);
        }
        try {
            return jsonb.toJson(value);
        } finally {
            attachments = Binary.beside();
            if (attachments != outer) {
                Binary.lay(outer);
            }
        }
    }

    /** Returns {@code value} as JSON: what stands for it if it is binary data, else as JSON-B writes it. */
    String other(Object value) {
        if (value instanceof byte[] bytes) {
            return standIn(bytes);
        }
        if (value instanceof Path path) { // JSON-B would look at its class, which is one of the JDK's own
            return json(path.toString());
        }
        return value instanceof ByteBuffer buffer ? standIn(Binary.bytes(buffer)) : json(value);
    }

    private String standIn(byte[] bytes) {
        List<byte[]> all = attachments;
        if (all == null) {
            all = new ArrayList<>();
            attachments = all;
        }
        all.add(bytes);
        return "{\"" + Binary.MEMBER + "\":" + (all.size() - 1) + '}';
    }

    /**
     * Returns {@code json}, with all data that were kept, as it crosses the {@link Bridge}.
     *
     * @throws IllegalArgumentException if an object of the caller's would be taken for binary data
     */
    Object value(String json) {
        byte[] utf8 = json.getBytes(UTF_8);
        List<byte[]> all = attachments;
        if (all == null) {
            return utf8;
        }
        if (STAND_IN.matcher(json).results().count() != all.size()) {
            throw new IllegalArgumentException(
                    "an object whose first member is " + Binary.MEMBER + " cannot stand beside binary data");
        }
        return Bridge.value(new Payload(utf8, all));
    }
}
