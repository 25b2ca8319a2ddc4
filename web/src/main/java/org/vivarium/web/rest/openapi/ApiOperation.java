package org.vivarium.web.rest.openapi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.vivarium.api.ErrorType;

/** What the OpenAPI document says about a method beyond what JAX-RS knows. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ApiOperation {

    /** What it does, in one sentence. */
    String value();

    /** The record that is answered; {@code Void} for nothing, {@code Object} for any JSON. */
    Class<?> answer() default Void.class;

    /** Whether a list of {@link #answer()} is answered. */
    boolean list() default false;

    /** Whether a page of a list of {@link #answer()} is answered. */
    boolean paged() default false;

    /** Whether the same can be had as server-sent events. */
    boolean streams() default false;

    /**
     * The record of the body; {@code Void} for none, {@code Object} for any JSON object, {@code Map} for one of plain
     * values.
     */
    Class<?> body() default Void.class;

    /** The status of success. */
    int status() default 200;

    /** A status that is no failure of the request, with the same answer as success; 0 for none. */
    int alsoStatus() default 0;

    /** The media types of what is answered. */
    String[] mediaTypes() default "application/json";

    /** The types of failure that it alone has, beyond those that follow from its path, its body and its user. */
    ErrorType[] errors() default {};

    /** The types of failure that it does not have although they follow from its path, its body or its user. */
    ErrorType[] never() default {};

    /** Whether it needs no authentication. */
    boolean open() default false;
}
