package org.vivarium.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which keyword argument of the program a parameter is, see {@link PythonProgram}.
 *
 * <p>A parameter without this annotation has its own name, if the interface was compiled with {@code -parameters}. One
 * that is annotated without a name is the whole of the inputs: a record, a bean or a {@code Map}, and the only
 * parameter besides {@link CallOptions}. An argument that is {@code null} is left out, so Python's default applies.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Input {

    /** The name of the keyword argument; empty if the parameter is the whole of the inputs. */
    String value() default "";
}
