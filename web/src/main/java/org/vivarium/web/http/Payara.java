package org.vivarium.web.http;

import jakarta.servlet.http.HttpServletRequest;

/** What is different on Payara. */
final class Payara {
    private Payara() {}

    /** Returns whether {@code request} is served by it. */
    static boolean serves(HttpServletRequest request) {
        return request.getServletContext().getServerInfo().contains("Payara");
    }

    /**
     * Returns whether the connection of {@code request} becomes one of HTTP/2 with it: its body cannot be read
     * asynchronously then, because Payara takes what comes for another request.
     */
    static boolean upgrades(HttpServletRequest request) {
        return request.getHeader("Upgrade") != null && serves(request);
    }
}
