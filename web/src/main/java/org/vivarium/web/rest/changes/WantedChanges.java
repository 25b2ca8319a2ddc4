package org.vivarium.web.rest.changes;

import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.view.changes.ChangeFilter;

/** Which changes a request asks for; what it does not say is {@code null}. */
public class WantedChanges {
    @QueryParam("pool")
    private @Nullable String pool;

    @QueryParam("actor")
    private @Nullable String actor;

    @QueryParam("kind")
    private @Nullable String kind;

    @QueryParam("from")
    private @Nullable String from;

    @QueryParam("to")
    private @Nullable String to;

    /**
     * Returns them as a filter.
     *
     * @throws IllegalArgumentException if a time is none
     */
    ChangeFilter filter() {
        return new ChangeFilter(pool, actor, kind, null, null).within(from, to);
    }
}
