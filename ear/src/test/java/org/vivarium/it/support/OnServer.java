package org.vivarium.it.support;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test class that talks to the service on a real server.
 *
 * <p>The server starts once for all such classes, with the EAR deployed; {@link DeployedVivarium#current()} is the
 * client. A class that needs an application of its own beside it adds a {@code @Deployment(testable = false)} method.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ArquillianExtension.class)
public @interface OnServer {}
