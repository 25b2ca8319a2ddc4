package org.vivarium.core.config;

/** When a change of a parameter is felt. */
public enum Effect {
    AT_ONCE("at once"),
    NEXT_CALL("for new calls"),
    NEXT_WORKER("for new workers");

    private final String words;

    Effect(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
