package org.vivarium.benchmarks.bare;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** The application of the WAR: one resource, no filter, no security. */
@ApplicationPath("/")
public class BareApplication extends Application {
    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(BareEcho.class);
    }
}
