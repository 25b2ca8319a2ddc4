package org.vivarium.core.metrics.windows;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How far back one looks: the union of the open slot and of the closed ones before it. */
public enum Window {
    ONE_MINUTE("1m", 12),
    FIVE_MINUTES("5m", 60),
    FIFTEEN_MINUTES("15m", 180);

    private final String label;
    private final int slots;

    Window(String label, int slots) {
        this.label = label;
        this.slots = slots;
    }

    /** Returns how operators write it, such as {@code 1m}. */
    public String label() {
        return label;
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
