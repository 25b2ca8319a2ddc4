package org.vivarium.it.support;

import java.net.URI;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * Another application on the same server, which knows the service only through the client jar in its own
 * {@code WEB-INF/lib}.
 *
 * <p>A test class deploys it by {@code @Deployment(testable = false) static WebArchive consumer() { return
 * ConsumerApplication.war("consumer", TheResource.class); }}.
 */
public final class ConsumerApplication {

    private ConsumerApplication() {}

    /** Returns {@code name}.war with {@code classes} and the client jar. */
    public static WebArchive war(String name, Class<?>... classes) {
        return ShrinkWrap.create(WebArchive.class, name + ".war")
                .addClasses(classes)
                .addAsLibrary(TestRun.current().clientJar().toFile(), "vivarium-ejb-client.jar")
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml");
    }

    /** Returns the address of {@code path} in the application {@code name}. */
    public static URI uri(String name, String path) {
        return TestRun.current().server().resolve("/" + name + "/").resolve(path);
    }
}
