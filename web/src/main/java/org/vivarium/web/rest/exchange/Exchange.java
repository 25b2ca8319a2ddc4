package org.vivarium.web.rest.exchange;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The request's wish for events, and the response that they are written to. */
public class Exchange {
    @Context
    private HttpHeaders request;

    @Context
    private HttpServletResponse response;

    /** For JAX-RS. */
    public Exchange() {}

    /** Returns whether the client prefers server-sent events. */
    public boolean wantsEvents() {
        MediaType first = request.getAcceptableMediaTypes().get(0);
        return first.toString().startsWith(EventWriter.MEDIA_TYPE);
    }

    /**
     * Returns what writes events to the client; past JAX-RS, whose implementations differ in what they hold back and
     * for how long.
     */
    public EventWriter events(@Nullable String correlationId) {
        HttpServletResponse to = response; // of this request, whoever writes
        return new EventWriter(() -> begin(to, correlationId));
    }

    private static OutputStream begin(HttpServletResponse response, @Nullable String correlationId) throws IOException {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(EventWriter.MEDIA_TYPE);
        response.setHeader("Cache-Control", "no-store, no-transform");
        response.setHeader("X-Accel-Buffering", "no"); // asks a proxy to hold nothing back
        if (correlationId != null) {
            response.setHeader(CallHeaders.CORRELATION, correlationId);
        }
        return response.getOutputStream();
    }
}
