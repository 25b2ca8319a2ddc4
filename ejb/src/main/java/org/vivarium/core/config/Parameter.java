package org.vivarium.core.config;

/**
 * One value that operators set: where it stands, what it may be, when a change is felt. Implemented by enums, of which
 * each constant is the only place where its parameter is described.
 */
public interface Parameter {
    /** Returns its place among those of its kind, from 0. */
    int ordinal();

    /** Returns where it stands in the configuration, such as {@code timeouts.checkout}. */
    String path();

    /** Returns its name in JMX and REST, with the unit, such as {@code CheckoutTimeoutMillis}. */
    String attribute();

    /** Returns unit, range and default. */
    Allowed allowed();

    /** Returns when a change is felt. */
    Effect effect();

    /** Returns what it is, in one sentence. */
    String description();

    /** Returns whether its default follows the host, so that {@link Allowed#standard} is only an example of it. */
    default boolean followsHost() {
        return false;
    }

    /** Returns what the numbers count or measure. */
    default ParameterUnit unit() {
        return allowed().unit();
    }

    /** Returns its default as operators read it: a number, a boolean, a text, or {@code auto}. */
    default Object standard() {
        return followsHost() ? HostSize.AUTO : allowed().shownStandard();
    }
}
