package org.vivarium.core.process.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.process.control.Receiver;

/** Collects thread dumps, each closed by a form feed, the number of the signal that asked for it. Thread safe. */
public final class StackReader implements Receiver {
    private static final byte END = 12;

    /** Signal 10 leaves its number in the same stream. */
    private static final byte CANCEL_MARK = 10;

    /** Signal 27, of processor time used up, does so too; no dump has this byte. */
    private static final byte CPU_MARK = 27;

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private @Nullable CompletableFuture<String> waiting;

    /** Returns the next dump; callers that ask before it has come share it. */
    public synchronized CompletableFuture<String> next() {
        CompletableFuture<String> dump = waiting;
        if (dump == null) {
            dump = new CompletableFuture<>();
            waiting = dump;
        }
        return dump;
    }

    @Override
    public void bytes(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == END) {
                complete();
            } else if (next != CPU_MARK && (next != CANCEL_MARK || text.size() > 0)) {
                text.write(next);
            }
        }
    }

    /** Returns what has come of a dump that nothing closes, and forgets it. */
    public String collected() {
        String dump = StackText.withoutOrigin(text.toString(UTF_8));
        text.reset();
        return dump.strip();
    }

    private void complete() {
        String dump = StackText.withoutOrigin(text.toString(UTF_8));
        text.reset();
        CompletableFuture<String> waiter = take();
        if (waiter != null) {
            waiter.complete(dump);
        }
    }

    @Override
    public void closed(String reason) {
        CompletableFuture<String> waiter = take();
        if (waiter != null) {
            waiter.completeExceptionally(new IllegalStateException(reason));
        }
    }

    private synchronized @Nullable CompletableFuture<String> take() {
        CompletableFuture<String> waiter = waiting;
        waiting = null;
        return waiter;
    }
}
