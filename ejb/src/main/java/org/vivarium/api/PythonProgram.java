package org.vivarium.api;

import jakarta.enterprise.inject.Stereotype;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes the methods of an interface calls of Python programs, so that it can be injected.
 *
 * <pre>{@code
 * @PythonProgram(pool = "default")
 * public interface Texts {
 *     Summary summarize(@Input("text") String text, @Input("words") int words);
 *     CompletionStage<Summary> summarize(@Input("text") String text, CallOptions options);
 *     @PythonProgram(name = "stream_numbers")
 *     PythonStream<Integer> numbers(@Input("amount") int amount);
 * }
 *
 * @Inject
 * Texts texts;
 * }</pre>
 *
 * <p>An abstract method calls the program of its own name. It returns what the result is read as (nothing for
 * {@code void}), or a {@code CompletionStage} or {@link PythonStream} of that. Each parameter is one keyword argument,
 * see {@link Input}, except one of type {@link CallOptions}. Default methods are what they are. A mistake fails the
 * deployment with one sentence. Code without injection uses {@code PythonPools.proxy}.
 */
@Stereotype // so that the container looks at the interface, in whatever mode it discovers beans
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface PythonProgram {

    /** The pool; on a method, if it is another than the interface's. By default {@code default}. */
    String pool() default "";

    /** The program that a method calls, if its name is not that of the method. Not for an interface. */
    String name() default "";
}
