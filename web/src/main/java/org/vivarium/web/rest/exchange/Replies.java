package org.vivarium.web.rest.exchange;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import org.vivarium.api.Actor;
import org.vivarium.api.operation.JsonText;
import org.vivarium.web.http.KnownClient;

/** What all resources need to answer. */
public final class Replies {
    private static final int ACCEPTED = 202;

    private Replies() {}

    /** Returns {@code value} as JSON; as bytes, so that no server has ideas of its own about it. */
    public static Response json(Object value) {
        return Response.ok(JsonText.bytes(value), MediaType.APPLICATION_JSON_TYPE)
                .build();
    }

    /** Says that something was begun that takes a while. */
    public static Response begun() {
        return Response.status(ACCEPTED).build();
    }

    /** Says that something was done that leaves nothing to tell. */
    public static Response done() {
        return Response.noContent().build();
    }

    /** Returns who asks, and why. */
    public static Actor actor(SecurityContext security) {
        Principal user = security.getUserPrincipal();
        return user instanceof KnownClient client
                ? new Actor(client.name(), "rest", client.address()).because(client.reason())
                : new Actor(user == null ? "unknown" : user.getName(), "rest");
    }
}
