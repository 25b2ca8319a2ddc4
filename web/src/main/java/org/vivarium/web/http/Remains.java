package org.vivarium.web.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Throws away what still comes of the body of a request that has been answered, without a thread that waits for it: for
 * 5 s, or 60 s if the sender is known, and up to a limit, so that an honest client reads its answer, and then ends the
 * connection.
 *
 * <p>The request is only completed once its body has ended: before that, a server would read the rest of it on one of
 * its threads, however slowly it comes. When there are more than 64, those of senders who are not known end at their
 * next byte.
 */
final class Remains implements ReadListener {
    private static final Logger LOG = LoggerFactory.getLogger(Remains.class);
    private static final int MOST = 64;
    private static final long PATIENCE_MILLIS = 5_000;
    private static final long PATIENCE_WITH_KNOWN_MILLIS = 60_000;

    /** What is read before a pause, in bytes: at 5 MiB a second large bodies leave the processor to others. */
    private static final int AT_ONCE = 256 << 10;

    private static final long PAUSE_MILLIS = 50;
    private static final long CLOSED_AFTER_MILLIS = 500;
    private static final AtomicInteger WAITED_FOR = new AtomicInteger();

    private final AsyncContext async;
    private final ServletInputStream in;
    private final long most;
    private final byte[] waste = new byte[16 << 10];
    private final CompletableFuture<Void> patience = new CompletableFuture<>();
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile boolean answered;
    private volatile boolean allRead;
    private long discarded;

    /** Throws away at most {@code most} bytes. */
    Remains(AsyncContext async, ServletInputStream in, long most) {
        this.async = async;
        this.in = in;
        this.most = most;
    }

    /** Begins, once {@code request} is answered, if nobody has begun to read. */
    static void begin(AsyncContext async, HttpServletRequest request, long most) throws IOException {
        if (Payara.upgrades(request)) {
            async.complete();
            return;
        }
        Remains remains = new Remains(async, request.getInputStream(), most);
        remains.answered();
        remains.in.setReadListener(remains);
    }

    /** Notes that the answer has been given. */
    void answered() {
        boolean known = most > Responses.LITTLE;
        if (WAITED_FOR.incrementAndGet() > MOST && !known) {
            patience.complete(null);
        }
        CompletableFuture<?> unused = patience.orTimeout(
                        known ? PATIENCE_WITH_KNOWN_MILLIS : PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .whenComplete((done, late) -> WAITED_FOR.decrementAndGet());
        answered = true;
        if (allRead) {
            end();
        }
    }

    @Override
    public void onDataAvailable() throws IOException {
        discard(true);
    }

    /**
     * Throws away what has come.
     *
     * @param inCallback whether the server calls, which closes the connection if this throws
     */
    void discard(boolean inCallback) throws IOException {
        for (int count = 0; in.isReady(); ) {
            if (patience.isDone() && inCallback) {
                throw new IOException("a body that nobody wants has not ended in time"); // the server closes
            }
            if (count > AT_ONCE) {
                CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                        .execute(this::goOn);
                return;
            }
            int read = Math.max(0, in.read(waste));
            count += read;
            discarded += read;
            if (discarded > most) {
                patience.complete(null);
            }
        }
    }

    private void goOn() {
        try {
            discard(false);
        } catch (IOException e) {
            onError(e);
        }
    }

    @Override
    public void onAllDataRead() {
        allRead = true;
        if (answered) {
            end();
        }
    }

    /** The connection ends; the request must be completed after that, or what would still come of it is waited for. */
    @Override
    public void onError(Throwable failure) {
        LOG.debug("a connection ends with a part of its request unread", failure);
        CompletableFuture.delayedExecutor(CLOSED_AFTER_MILLIS, TimeUnit.MILLISECONDS)
                .execute(this::end);
    }

    private void end() {
        if (ending.compareAndSet(false, true)) {
            patience.complete(null);
            try {
                async.complete();
            } catch (IllegalStateException e) { // the client has gone
                LOG.debug("a response has ended already", e);
            }
        }
    }
}
