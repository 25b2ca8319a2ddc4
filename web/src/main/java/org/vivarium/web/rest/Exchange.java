package org.vivarium.web.rest;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** The request's wish for events, and the response that they are written to. */
public class Exchange {
    @Context
    private HttpHeaders request;

    @Context
    private HttpServletResponse response;

    /** For JAX-RS. */
    public Exchange() {}

    /** Returns whether the client likes events better than anything else. */
    boolean wantsEvents() {
        MediaType first = request.getAcceptableMediaTypes().get(0);
        return first.toString().startsWith(EventWriter.MEDIA_TYPE);
    }

    /** Returns what writes events to the client. */
    EventWriter events(@Nullable String correlationId) {
        return new EventWriter(response, correlationId);
    }
}
