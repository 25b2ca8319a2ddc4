package org.vivarium.core.changes;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the change log has come and where it begins, kept apart from it so that missing lines at both ends show.
 *
 * @param sequence of the last record; 0 before the first
 * @param hash of the last record
 * @param first the sequence of the first record that is kept
 * @param anchor the hash of the record before that
 */
record Head(long sequence, String hash, long first, String anchor) {
    /** Before the first record. */
    static final Head NONE = new Head(0, ChangeLine.NOTHING_BEFORE, 1, ChangeLine.NOTHING_BEFORE);

    Head at(long newSequence, String newHash) {
        return new Head(newSequence, newHash, first, anchor);
    }

    Head from(ChangeLine.Link newFirst) {
        return new Head(sequence, hash, newFirst.sequence(), newFirst.previous());
    }

    Map<String, Object> content() {
        return Map.of("sequence", sequence, "hash", hash, "first", first, "anchor", anchor);
    }

    /** Returns what a document says; {@code null} if it says something else. */
    static @Nullable Head of(Map<String, Object> content) {
        return content.get("sequence") instanceof Number sequence
                        && content.get("hash") instanceof String hash
                        && content.get("first") instanceof Number first
                        && content.get("anchor") instanceof String anchor
                ? new Head(sequence.longValue(), hash, first.longValue(), anchor)
                : null;
    }
}
