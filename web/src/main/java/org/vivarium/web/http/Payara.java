package org.vivarium.web.http;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is different on Payara. */
final class Payara {
    private static final Logger LOG = LoggerFactory.getLogger(Payara.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private Payara() {}

    /** Returns whether {@code request} is served by it. */
    static boolean serves(ServletRequest request) {
        return request.getServletContext().getServerInfo().contains("Payara");
    }

    /**
     * Returns whether the connection of {@code request} becomes one of HTTP/2 with it: its body cannot be read
     * asynchronously then, because Payara takes what comes for another request.
     */
    static boolean upgrades(HttpServletRequest request) {
        return request.getHeader("Upgrade") != null && serves(request);
    }

    /**
     * Has an output for {@code request} be ready only while nothing waits in the heap for its client. By itself Payara
     * takes four times the send buffer of the socket, some 10 MiB, and each small piece of it costs some 10 KiB: two
     * clients of streams that do not read use up the heap.
     */
    static void queueNothing(ServletRequest request) {
        if (!serves(request)) {
            return;
        }
        ServletRequest own = request;
        while (own instanceof ServletRequestWrapper wrapper) {
            own = wrapper.getRequest();
        }
        try {
            Object catalina = get(own, "getUnwrappedCoyoteRequest");
            Object connection = get(get(get(catalina, "getCoyoteRequest"), "getContext"), "getConnection");
            connection
                    .getClass()
                    .getMethod("setMaxAsyncWriteQueueSize", int.class)
                    .invoke(connection, 1); // bytes that are too many
        } catch (ReflectiveOperationException | RuntimeException e) {
            if (WARNED.compareAndSet(false, true)) {
                LOG.warn(
                        "this Payara queues some 10 MiB for each client that reads slowly, which cannot be changed", e);
            }
        }
    }

    private static Object get(Object from, String method) throws ReflectiveOperationException {
        return from.getClass().getMethod(method).invoke(from);
    }
}
