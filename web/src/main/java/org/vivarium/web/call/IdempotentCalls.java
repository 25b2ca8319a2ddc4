package org.vivarium.web.call;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorType;
import org.vivarium.api.view.settings.HttpLimits;
import org.vivarium.web.json.Problem;
import org.vivarium.web.rest.exchange.ProblemException;

/**
 * The answers of calls that carried an {@code Idempotency-Key}, for a time after each: who sends a call again with the
 * key that it had gets the first answer, or waits for it, and the program does not run again. Keys of different users
 * are different keys.
 *
 * <p>As many keys and bytes of answers are kept as the limits say; what is dropped first is the oldest answer, and its
 * key is remembered. Thread safe.
 */
final class IdempotentCalls {
    private final LongSupplier nanos;
    private final Supplier<HttpLimits.Answers> limits;
    private final Map<Key, Entry> entries = new LinkedHashMap<>(); // oldest first; guarded by this
    private long bytes;

    IdempotentCalls(LongSupplier nanos, Supplier<HttpLimits.Answers> limits) {
        this.nanos = nanos;
        this.limits = limits;
    }

    /** A key as its user sent it. */
    record Key(String user, String text) {}

    /**
     * An answer that can be given again.
     *
     * @param body {@code null} if it was too large to be kept
     */
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    record Answer(int status, String mediaType, byte @Nullable [] body) {
        int size() {
            return body == null ? 0 : body.length;
        }
    }

    /**
     * What became of a key.
     *
     * @param first whether the call is the first with it, and must run
     * @param answer completes with the first answer
     */
    record Claim(boolean first, CompletableFuture<Answer> answer) {}

    private static final class Entry {
        private final byte[] fingerprint;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private long sinceNanos;
        private boolean dropped;

        Entry(byte[] fingerprint, long now) {
            this.fingerprint = fingerprint;
            this.sinceNanos = now;
        }

        int size() {
            return answer.isDone() && !dropped ? answer.join().size() : 0;
        }
    }

    /** Returns what tells a call from another one. */
    static byte[] fingerprint(byte[] inputs, String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return digest.digest(inputs);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Claims a key for a call.
     *
     * @throws ProblemException if it was used for another call, or its answer was not kept
     */
    synchronized Claim claim(Key key, byte[] fingerprint) {
        sweep();
        Entry known = entries.get(key);
        if (known == null) {
            Entry entry = new Entry(fingerprint, nanos.getAsLong());
            entries.put(key, entry);
            return new Claim(true, entry.answer);
        }
        if (!Arrays.equals(known.fingerprint, fingerprint)) {
            throw new ProblemException(
                    Problem.of(
                            ErrorType.IDEMPOTENCY_KEY_REUSED,
                            "this Idempotency-Key was used for another call (pool, program, session or inputs differ) not long ago; use a new one"));
        }
        if (known.dropped) {
            throw new ProblemException(
                    Problem.of(
                            ErrorType.ANSWER_NOT_KEPT,
                            "the call of this Idempotency-Key has run, but its answer was too large to be kept, or too many others came after it"));
        }
        return new Claim(false, known.answer);
    }

    /** Keeps the answer of the first call with {@code key}, and gives it to those who wait for it. */
    void answered(Key key, Answer answer) {
        CompletableFuture<Answer> waiting;
        synchronized (this) {
            Entry entry = entries.remove(key);
            if (entry == null) {
                return;
            }
            entry.sinceNanos = nanos.getAsLong();
            entries.put(key, entry); // the youngest now
            entry.dropped = answer.body() == null;
            bytes += answer.size();
            waiting = entry.answer;
        }
        waiting.complete(answer);
        synchronized (this) {
            sweep();
        }
    }

    /** Forgets a key whose call did not run: it may be sent again; those who wait get the same failure. */
    void forget(Key key, Answer failure) {
        CompletableFuture<Answer> waiting;
        synchronized (this) {
            Entry entry = entries.remove(key);
            if (entry == null) {
                return;
            }
            waiting = entry.answer;
        }
        waiting.complete(failure);
    }

    private void sweep() {
        long now = nanos.getAsLong();
        HttpLimits.Answers most = limits.get();
        entries.values().removeIf(entry -> isOver(entry, now, most));
        for (Iterator<Entry> oldest = entries.values().iterator(); bytes > most.bytes() && oldest.hasNext(); ) {
            Entry entry = oldest.next();
            bytes -= entry.size();
            entry.dropped |= entry.answer.isDone();
        }
    }

    private boolean isOver(Entry entry, long now, HttpLimits.Answers most) {
        boolean over = entry.answer.isDone()
                && (now - entry.sinceNanos > most.kept().toNanos() || entries.size() > most.keys());
        bytes -= over ? entry.size() : 0;
        return over;
    }
}
