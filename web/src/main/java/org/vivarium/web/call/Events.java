package org.vivarium.web.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.api.operation.JsonText;
import org.vivarium.web.http.AsyncOutput;
import org.vivarium.web.json.InlineBinary;
import org.vivarium.web.json.Problem;

/**
 * Sends what a program yields as server-sent events. The next chunk is asked for once the client has taken the one
 * before, so a slow client makes the program wait, but no thread; while the program thinks, one of the service's own
 * threads waits for it, as for any call that runs.
 */
final class Events {
    static final String MEDIA_TYPE = "text/event-stream";

    private static final byte[] END_OF_EVENT = {'\n', '\n'};

    private final CallExchange exchange;
    private final AtomicBoolean progressWaits = new AtomicBoolean();
    private @Nullable PayloadStream chunks;
    private volatile @Nullable AsyncOutput output;

    Events(CallExchange exchange) {
        this.exchange = exchange;
    }

    /** Takes the stream once a worker has the call, on a thread that may wait. */
    void begin(PayloadStream stream) {
        chunks = stream;
        pull();
    }

    /** Sends the progress of the program, unless the client has not taken the one before. */
    void progress(double fraction, String message) {
        Map<String, Object> progress = new LinkedHashMap<>();
        progress.put("fraction", fraction);
        progress.put("message", message);
        AsyncOutput to = opened();
        if (to != null && progressWaits.compareAndSet(false, true)) {
            to.write(event("progress", JsonText.bytes(progress)), () -> progressWaits.set(false));
        }
    }

    /** Sends chunks until the client or the program is not ready; one thread at a time. */
    private void pull() {
        PayloadStream stream = java.util.Objects.requireNonNull(chunks);
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = stream.hasNext() ? send(stream.next()) : end("end", new byte[] {'{', '}'});
            }
        } catch (PythonException e) {
            if (output == null) {
                stream.close();
                exchange.failWith(e);
            } else {
                end("error", Problem.of(e.details()).json());
            }
        }
    }

    /** Sends a chunk; returns whether the client has taken it, so that the next may be asked for. */
    private boolean send(Payload chunk) {
        AsyncOutput to = opened();
        if (to == null) {
            closeStream();
            return false;
        }
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        InlineBinary.of(chunk)
                .buffers()
                .forEachRemaining(
                        each -> json.write(each.array(), each.arrayOffset() + each.position(), each.remaining()));
        AtomicBoolean first = new AtomicBoolean(); // of both: it was taken, and nobody waits for that
        to.write(event("chunk", json.toByteArray()), () -> {
            if (!first.compareAndSet(false, true)) {
                exchange.service().executor().execute(this::pull);
            }
        });
        return !first.compareAndSet(false, true);
    }

    private boolean end(String event, byte[] json) {
        AsyncOutput to = opened();
        if (to != null) {
            to.end(Collections.singleton(ByteBuffer.wrap(event(event, json))).iterator());
        }
        closeStream();
        return false;
    }

    private void closeStream() {
        PayloadStream stream = chunks;
        if (stream != null) {
            stream.close();
        }
    }

    private @Nullable AsyncOutput opened() {
        if (output == null) {
            HttpServletResponse response = exchange.response();
            if (!response.isCommitted()) {
                response.setHeader("Cache-Control", "no-store, no-transform");
                response.setHeader("X-Accel-Buffering", "no"); // asks a proxy to hold nothing back
            }
            output = exchange.open(HttpServletResponse.SC_OK, MEDIA_TYPE, 0, this::leave);
        }
        return output;
    }

    /** The response has ended, by us or by the client. */
    private void leave() {
        exchange.service().executor().execute(this::closeStream); // which may wait for the program to end
    }

    private static byte[] event(String name, byte[] json) {
        ByteArrayOutputStream event = new ByteArrayOutputStream(json.length + 32);
        event.writeBytes(("event: " + name + "\ndata: ").getBytes(UTF_8));
        event.writeBytes(json); // JSON of a worker or of ours has no line ends: in a text they are escaped
        event.writeBytes(END_OF_EVENT);
        return event.toByteArray();
    }
}
