package org.vivarium.api;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A JSON value in UTF-8, with the binary data that it refers to.
 *
 * <p>An object with the single member {@code "$bytes"} stands for the attachment of that index: {@code {"$bytes": 0}}
 * for the first. Attachments travel as they are, never as text. Nothing is copied: neither side may change an array
 * after it was given away.
 *
 * @param json the value; empty for none
 * @param attachments in the order of their indices; empty for most calls
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record Payload(byte[] json, List<byte[]> attachments) {
    private static final byte[] NOTHING = {};

    /** No JSON and no attachments. */
    public static final Payload EMPTY = new Payload(NOTHING, List.of());

    public Payload {
        requireNonNull(json, "json");
        attachments = List.copyOf(attachments);
    }

    /** Returns JSON without attachments. */
    public static Payload of(byte[] json) {
        return new Payload(json, List.of());
    }
}
