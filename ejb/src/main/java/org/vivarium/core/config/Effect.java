package org.vivarium.core.config;

/** When a change of a parameter is felt. */
public enum Effect {
    AT_ONCE("at once"),
    NEXT_CALL("for calls made from then on"),
    NEXT_WORKER("for workers started from then on");

    private final String words;

    Effect(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
