package org.vivarium.api.management;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The numbers that an attribute or argument may have, both ends included. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.PARAMETER})
public @interface Range {

    /** Lowest value allowed. */
    long minimum();

    /** Highest value allowed. */
    long maximum();
}
