package org.vivarium.adapter.tracing;

import jakarta.enterprise.inject.spi.CDI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.trace.CallTracer;

/** Finds the tracing of the server without needing that there is one. */
public final class ServerTracing {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTracing.class);
    private static final String API = "io.opentelemetry.api.OpenTelemetry";

    private ServerTracing() {}

    /** Returns who makes spans; {@code null} if the server offers no OpenTelemetry, or one that is switched off. */
    public static @Nullable CallTracer find() {
        try {
            Class<?> api = Class.forName(API, false, ServerTracing.class.getClassLoader());
            return OpenTelemetryTracer.offered(CDI.current().select(api)); // first here its classes are needed
        } catch (ClassNotFoundException e) {
            LOG.debug("this server has no OpenTelemetry", e);
        } catch (RuntimeException | LinkageError e) { // of a server's own making: calls go on without spans
            LOG.warn("this server's OpenTelemetry cannot be used; calls are not recorded as spans", e);
        }
        return null;
    }
}
