package org.vivarium.web.rest.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Payload;
import org.vivarium.api.operation.JsonText;
import org.vivarium.web.json.InlineBinary;
import org.vivarium.web.json.Problem;

/**
 * Writes server-sent events, each at once, and waits until the connection takes it: a slow client makes the program
 * wait.
 *
 * <p>The response begins with the first event, so a failure before it can still be an ordinary answer. For one thread.
 */
public final class EventWriter {
    /** The media type. */
    public static final String MEDIA_TYPE = "text/event-stream";

    private static final byte[] END_OF_EVENT = {'\n', '\n'};

    private final Opening opening;
    private @Nullable OutputStream out;
    private @Nullable IOException failure;

    EventWriter(Opening opening) {
        this.opening = opening;
    }

    /** Begins the response. */
    @FunctionalInterface
    interface Opening {

        /** Returns what events are written to; called once, with the first event. */
        OutputStream begin() throws IOException;
    }

    /** Returns whether the client has got anything yet. */
    boolean hasBegun() {
        return out != null;
    }

    /** Sends the progress of the program; if the client is gone, the next chunk will say so. */
    public void progress(double fraction, String message) {
        Map<String, Object> progress = new LinkedHashMap<>();
        progress.put("fraction", fraction);
        progress.put("message", message);
        try {
            write("progress", JsonText.bytes(progress));
        } catch (UncheckedIOException e) { // a listener cannot end the call
            failure = e.getCause();
        }
    }

    /** Sends one chunk. */
    void chunk(Payload chunk) {
        if (failure != null) {
            throw new UncheckedIOException(failure);
        }
        write("chunk", InlineBinary.json(chunk));
    }

    /** Says that all is well and over. */
    void end() {
        write("end", new byte[] {'{', '}'});
    }

    /** Says that the program failed after it had sent something. */
    void error(Problem problem) {
        write("error", problem.json());
    }

    private void write(String event, byte[] json) {
        try {
            OutputStream to = begun();
            to.write(("event: " + event + "\ndata: ").getBytes(UTF_8));
            to.write(json); // JSON of a worker or of ours has no line ends: in a text they are escaped
            to.write(END_OF_EVENT);
            to.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OutputStream begun() throws IOException {
        OutputStream known = out;
        if (known == null) {
            known = opening.begin();
            out = known;
        }
        return known;
    }
}
