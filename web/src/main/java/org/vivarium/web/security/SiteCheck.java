package org.vivarium.web.security;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Distinguishes requests of our own pages from those that another site made a browser send with the user's session.
 *
 * @param method the HTTP method
 * @param fetchSite the header {@code Sec-Fetch-Site}, which a page cannot forge
 * @param origin the header {@code Origin}
 * @param host the header {@code Host}
 * @param requestedWith the header {@code X-Requested-With}, which a foreign page cannot add without being asked for
 *     permission first
 */
record SiteCheck(
        String method,
        @Nullable String fetchSite,
        @Nullable String origin,
        @Nullable String host,
        @Nullable String requestedWith) {
    private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OURS = Set.of("same-origin", "none");

    /** Returns whether the request changes something and shows that another site is behind it. */
    boolean isForeign() {
        if (HARMLESS.contains(method)) {
            return false;
        }
        return fetchSite == null ? origin != null && !isOwn(origin) : !OURS.contains(fetchSite);
    }

    /**
     * Returns whether a request with a session may go on: it changes nothing, or shows that our own page is behind it.
     */
    boolean isOurs() {
        boolean shown = requestedWith != null || fetchSite != null || origin != null;
        return HARMLESS.contains(method) || (shown && !isForeign());
    }

    private boolean isOwn(String origin) {
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) { // an origin that is no address is not ours
            return false;
        }
    }
}
