package org.vivarium.web.rest.exchange;

import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.web.json.Problem;

/** Hands what a program yields to a client, until one of both has ended. */
public final class Streaming {
    private static final Logger LOG = LoggerFactory.getLogger(Streaming.class);

    private Streaming() {}

    /**
     * Delivers all chunks, and closes them.
     *
     * @return {@code null}: there is nothing left to answer
     * @throws PythonException if the program failed before the client has got anything
     */
    public static @Nullable Response deliver(PayloadStream chunks, EventWriter events) {
        try (chunks) {
            while (chunks.hasNext()) {
                events.chunk(chunks.next());
            }
            events.end();
        } catch (PythonException e) {
            if (!events.hasBegun()) {
                throw e;
            }
            tell(events, e);
        } catch (UncheckedIOException e) {
            LOG.debug("a client disconnected while its program was streaming; the call is cancelled", e);
        }
        return null;
    }

    private static void tell(EventWriter events, PythonException failure) {
        try {
            events.error(Problem.of(failure.details()));
        } catch (UncheckedIOException e) {
            LOG.debug("a client disconnected before it received the failure of its program", e);
        }
    }
}
