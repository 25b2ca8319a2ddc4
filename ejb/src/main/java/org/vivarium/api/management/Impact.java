package org.vivarium.api.management;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What an operation does to the system, as JMX clients show it. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Impact {

    /** The kind of impact. */
    Kind value();

    /** The kinds that JMX knows. */
    enum Kind {
        /** Reads only. */
        INFO,
        /** Changes something. */
        ACTION,
        /** Changes something and answers. */
        ACTION_INFO
    }
}
