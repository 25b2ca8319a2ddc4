package org.vivarium.core.metrics.windows;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How far back one looks: the union of the open slot and of the closed ones before it. */
public enum Window {
    ONE_MINUTE("1m", "the last minute", 12),
    FIVE_MINUTES("5m", "the last 5 minutes", 60),
    FIFTEEN_MINUTES("15m", "the last 15 minutes", 180);

    private final String label;
    private final String words;
    private final int slots;

    Window(String label, String words, int slots) {
        this.label = label;
        this.words = words;
        this.slots = slots;
    }

    /** Returns how operators write it, such as {@code 1m}. */
    public String label() {
        return label;
    }

    /** Returns it in words, for descriptions. */
    public String words() {
        return words;
    }

    /** Returns of how many slots it is made, the open one included. */
    public int slots() {
        return slots;
    }

    /**
     * Returns the window that is written {@code label}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Window of(String label) {
        for (Window window : values()) {
            if (window.label.equals(label)) {
                return window;
            }
        }
        String allowed = Arrays.stream(values()).map(Window::label).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("window must be one of " + allowed + ", was \"" + label + '"');
    }
}
