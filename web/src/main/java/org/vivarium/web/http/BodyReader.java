package org.vivarium.web.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.ErrorType;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.web.json.Problem;

/**
 * Reads the body of one request as it comes, without a thread that waits for it, within a limit, a deadline and the
 * room that there is in memory. The receiver hears of it once; the rest of a body that was refused is thrown away.
 */
public final class BodyReader implements ReadListener {
    private static final Logger LOG = LoggerFactory.getLogger(BodyReader.class);
    private static final int CHUNK = 16 << 10;
    private static final byte[] NOTHING = {};

    /** What a body has besides its patience for each of its bytes: it must come at 64 KiB a second. */
    private static final long BYTES_PER_MILLI = 64;

    private static final long PAYARA_MILLIS = 5;

    /** Two threads of requests at most wait for bodies. */
    private static final Semaphore WAITING = new Semaphore(2);

    private final Source source;
    private final ServletInputStream in;
    private final BodyReceiver receiver;
    private final BodyRoom room;
    private final int limit;
    private final Remains remains;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final AtomicBoolean told = new AtomicBoolean();

    /** Its callbacks have threads of their own, and the last one comes once all data is there, read or not. */
    private final boolean onPayara;

    private byte[] bytes;
    private int have;

    private BodyReader(Source source, BodyReceiver receiver, BodyRoom room, byte[] bytes, int limit)
            throws IOException {
        this.source = source;
        this.in = source.request().getInputStream();
        this.receiver = receiver;
        this.room = room;
        this.bytes = bytes;
        this.limit = limit;
        this.remains = new Remains(source.async(), in, limit);
        this.onPayara = Payara.serves(source.request());
    }

    /** Hears what has come of a body, once. */
    public interface BodyReceiver {

        /** Takes the body, which is the receiver's to close; on any thread, and must not block. */
        void received(ReceivedBody body);

        /** Answers why there is none; the reader ends the request then. May block for a moment. */
        void refused(Problem problem);
    }

    /** Returns whether {@code request} has a body. */
    public static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0
                || (request.getContentLengthLong() < 0 && request.getHeader("Transfer-Encoding") != null);
    }

    /**
     * Where a body comes from.
     *
     * @param async of the request
     * @param request with the body
     * @param executor where refusals are answered
     * @param patience what even the slowest body has
     */
    public record Source(AsyncContext async, HttpServletRequest request, Executor executor, Duration patience) {}

    /**
     * Begins to read.
     *
     * @param large the room for bodies above 64 KiB
     * @param limit most bytes
     */
    public static void read(Source source, ByteBudget large, int limit, BodyReceiver receiver) throws IOException {
        source.async().setTimeout(0); // its end would be the container's error page
        long announced = source.request().getContentLengthLong();
        BodyRoom room = new BodyRoom(large);
        int size = announced < 0 ? CHUNK : (int) Math.min(announced, limit);
        Problem problem = announced > limit ? tooLarge(limit) : room.tryAdd(size) ? null : notAdmitted();
        if (problem != null) {
            receiver.refused(problem);
            Remains.begin(source.async(), source.request(), limit);
            return;
        }
        new BodyReader(source, receiver, room, new byte[size], limit).start(announced);
    }

    private void start(long announced) throws IOException {
        if (bytes.length == announced && in.available() >= announced) {
            readWhole();
        } else if (Payara.upgrades(source.request())) {
            readWaiting();
        } else {
            long patienceMillis = source.patience().toMillis();
            begin(patienceMillis + (announced < 0 ? patienceMillis : announced / BYTES_PER_MILLI));
        }
    }

    private void begin(long patienceMillis) {
        CompletableFuture<?> unused = finished.orTimeout(patienceMillis, TimeUnit.MILLISECONDS)
                .whenComplete((done, late) -> {
                    if (late != null) {
                        refuse(Problem.of(
                                ErrorType.BODY_TIMEOUT,
                                "the body did not arrive in time; send it at 64 KiB a second at least"));
                    }
                });
        in.setReadListener(this);
    }

    /** Reads a body that is there already, as most are that are small. */
    private void readWhole() throws IOException {
        in.readNBytes(bytes, 0, bytes.length);
        told.set(true);
        receiver.received(new ReceivedBody(bytes, room));
    }

    /** Reads a body on the thread of its request; one that is not there within seconds is rare, and few may be. */
    private void readWaiting() throws IOException {
        if (!WAITING.tryAcquire()) {
            told.set(true);
            room.close();
            receiver.refused(notAdmitted());
            source.async().complete();
            return;
        }
        try {
            for (int count = 0; count >= 0 && !told.get(); have += Math.max(0, count)) {
                if (have == bytes.length && source.request().getContentLengthLong() < 0 && !grow()) {
                    return;
                }
                count = have == bytes.length ? -1 : in.read(bytes, have, bytes.length - have);
            }
        } finally {
            WAITING.release();
        }
        onAllDataRead();
    }

    private static Problem tooLarge(int limit) {
        return Problem.of(ErrorType.BODY_TOO_LARGE, "the body is longer than " + limit + " bytes");
    }

    private static Problem notAdmitted() {
        return Problem.of(
                ErrorType.BODY_NOT_ADMITTED,
                "the bodies of other requests use the memory that there is for bodies (RequestBudgetMegabytes); nothing was done, try again");
    }

    @Override
    public void onDataAvailable() throws IOException {
        if (bytes.length > BodyRoom.SMALL && !told.get() && !onPayara) {
            source.executor().execute(this::readOn); // not on the thread that all connections share
        } else {
            readSome(true);
        }
    }

    private void readOn() {
        try {
            readSome(false);
        } catch (IOException e) {
            onError(e);
        }
    }

    private void readSome(boolean inCallback) throws IOException {
        while (!told.get() && in.isReady()) {
            if (have == bytes.length && !grow()) {
                break;
            }
            byte[] target = bytes; // whoever refuses the body lets go of it
            int count = in.read(target, have, target.length - have);
            if (count < 0) {
                return; // onAllDataRead comes
            }
            have += count;
        }
        if (told.get()) {
            remains.discard(inCallback);
        }
    }

    /** Makes room for more of a body that did not say its length, or that is longer than it said. */
    private boolean grow() {
        if (have >= limit) {
            return refuse(tooLarge(limit));
        }
        int size = (int) Math.min(limit, 2L * Math.max(CHUNK, have));
        if (!room.tryAdd(size)) { // besides what there is, while it is copied
            return refuse(notAdmitted());
        }
        int before = bytes.length;
        bytes = Arrays.copyOf(bytes, size);
        room.remove(before);
        return true;
    }

    @Override
    public void onAllDataRead() throws IOException {
        if (!told.compareAndSet(false, true)) {
            remains.onAllDataRead();
            return;
        }
        finished.complete(null);
        if (have < bytes.length) {
            int spare = bytes.length - have;
            bytes = Arrays.copyOf(bytes, have);
            room.remove(spare);
        }
        ReceivedBody whole = new ReceivedBody(bytes, room);
        if (onPayara) { // it still uses the request after this callback, and must not find it at its end
            CompletableFuture.delayedExecutor(PAYARA_MILLIS, TimeUnit.MILLISECONDS, source.executor())
                    .execute(() -> receiver.received(whole));
        } else {
            receiver.received(whole);
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (told.get()) {
            remains.onError(failure);
        } else {
            LOG.debug("a body cannot be read", failure);
            refuse(Problem.of(ErrorType.BODY_NOT_READ, "the body cannot be read: " + failure.getMessage()));
        }
    }

    private boolean refuse(Problem problem) {
        if (told.compareAndSet(false, true)) {
            finished.complete(null);
            room.close();
            source.executor().execute(() -> {
                receiver.refused(problem);
                remains.answered();
                bytes = NOTHING; // the room for it is given back, and the connection may stay for a while
            });
        }
        return false;
    }
}
