package org.vivarium.it.consumer;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.vivarium.api.PoolName;
import org.vivarium.api.PythonPool;

/** Passes a text through Python, typed on both ways by classes that only this application has. */
@Path("/greeting")
public class GreetingResource {

    @Inject
    @PoolName("default")
    PythonPool pool;

    /** Returns {@code text} as the program {@code echo} gave it back. */
    @GET
    @Produces(MediaType.TEXT_PLAIN)
    public String greeting(@QueryParam("text") String text) {
        Greeting greeting = new Greeting();
        greeting.setText(text);
        return pool.call("echo", greeting, Greeting.class).getText();
    }

    /** What goes to Python and comes back. */
    public static class Greeting {
        private String text = "";

        /** Returns what is said. */
        public String getText() {
            return text;
        }

        /** Says {@code text}. */
        public void setText(String text) {
            this.text = text;
        }
    }
}
