package org.vivarium.benchmarks.bare;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** Answers what it is sent, through the server's own JSON-B both ways. */
@Path("echo")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class BareEcho {
    /** Returns {@code body}. */
    @POST
    public Text echo(Text body) {
        return body;
    }

    /** What is sent and answered. */
    public static class Text {
        private @Nullable String text;

        public @Nullable String getText() {
            return text;
        }

        public void setText(@Nullable String text) {
            this.text = text;
        }
    }
}
