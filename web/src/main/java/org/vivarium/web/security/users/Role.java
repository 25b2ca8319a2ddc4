package org.vivarium.web.security.users;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** What a user may do. */
public enum Role {
    /** Sees everything. */
    VIEWER,
    /** Calls programs, and lists them. */
    CALLER,
    /** Sees everything, steers pools and changes parameters. */
    OPERATOR,
    /** May do everything. */
    ADMIN;

    private final String code = "vivarium-" + name().toLowerCase(Locale.ROOT);

    /** Returns the name in files and in {@code isUserInRole}, such as {@code vivarium-viewer}. */
    public String code() {
        return code;
    }

    /** Returns whether whoever has this role may do what {@code needed} may. */
    public boolean covers(Role needed) {
        return switch (this) {
            case VIEWER, CALLER -> needed == this;
            case OPERATOR -> needed == OPERATOR || needed == VIEWER;
            case ADMIN -> true;
        };
    }

    /** Returns whether one of {@code held} covers {@code needed}. */
    public static boolean covered(Set<Role> held, Role needed) {
        return held.stream().anyMatch(role -> role.covers(needed));
    }

    /**
     * Returns the role that is called {@code code}, with or without {@code vivarium-} before it.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Role of(String code) {
        return Arrays.stream(values())
                .filter(role -> role.code.equals(code) || role.code.equals("vivarium-" + code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no role " + code
                        + "; known are vivarium-viewer, vivarium-caller, vivarium-operator, vivarium-admin"));
    }
}
