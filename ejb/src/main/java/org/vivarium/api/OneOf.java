package org.vivarium.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which texts a text can be; for derived documentation. Exactly one of the members is given. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface OneOf {

    /** The texts. */
    String[] value() default {};

    /** The enum whose names they are. */
    Class<? extends Enum<?>>[] namesOf() default {};
}
