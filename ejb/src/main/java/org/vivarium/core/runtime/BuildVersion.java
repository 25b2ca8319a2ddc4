package org.vivarium.core.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The version of the service. */
public final class BuildVersion {
    private static final Logger LOG = LoggerFactory.getLogger(BuildVersion.class);
    private static final String RESOURCE = "/META-INF/maven/org.vivarium/vivarium-ejb/pom.properties";

    private BuildVersion() {}

    /** Returns what Maven has written into the jar of this class; {@code unknown} if that is not in a jar. */
    public static String get() {
        Properties properties = new Properties();
        try (InputStream in = BuildVersion.class.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            LOG.debug("no version in this jar", e);
        }
        return properties.getProperty("version", "unknown");
    }
}
