package org.vivarium.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks a class of tests that start processes, Python as a rule. They are slow, so {@code mvn test} leaves them out and
 * {@code mvn verify} runs them after the others; {@code -Dtest} finds them always.
 */
@Tag("process")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface StartsProcesses {}
