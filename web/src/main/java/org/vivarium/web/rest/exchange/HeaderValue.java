package org.vivarium.web.rest.exchange;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a header of a call may be, beyond what JAX-RS knows; for derived documentation. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface HeaderValue {

    /** What it means, in one sentence. */
    String value();

    /** What it is. */
    Kind kind() default Kind.NAME;

    /** The kinds of headers. */
    enum Kind {
        /** Milliseconds, a whole number. */
        MILLIS,
        /** A whole number from the lowest to the highest priority. */
        PRIORITY,
        /** {@code true} or {@code false}. */
        FLAG,
        /** 1 to 200 printable ASCII characters without blanks. */
        NAME,
        /** Any text. */
        TEXT
    }
}
