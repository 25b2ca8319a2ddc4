package org.vivarium.web.security;

import java.util.Set;
import java.util.regex.Pattern;
import org.vivarium.web.security.users.Role;

/**
 * What a request needs, by its method and path: nothing, or one of some roles. What is not listed needs the most.
 *
 * @param anyOf roles of which one is enough; empty if the request is open to everybody
 */
public record Access(Set<Role> anyOf) {
    private static final Access OPEN = new Access(Set.of());
    private static final Access ANYBODY_KNOWN = new Access(Set.of(Role.VIEWER, Role.CALLER));
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Set<String> OPERATORS_PATHS =
            Set.of("/api/changes"); // they say who works here, and from where
    private static final String READINESS = "/api/health/ready";
    private static final Set<String> SHARED_PATHS =
            Set.of("/", "/index.html", "/assets/app.js", "/assets/model.js", "/api/openapi", "/api/me");
    private static final Set<String> OPEN_PATHS = Set.of(
            "/api/health/live",
            READINESS,
            "/api/health/started",
            "/login.html",
            "/assets/style.css",
            "/assets/icon.svg");
    private static final Pattern PROGRAM = Pattern.compile("/api/pools/[^/]+/programs/[^/]+");
    private static final Pattern PROGRAMS = Pattern.compile("/api/pools/[^/]+/programs");
    private static final Pattern STRANGE =
            Pattern.compile("//|\\\\|\\p{Cntrl}|%2[fF]|%5[cC]|%00|(?:^|/)(?:\\.|%2[eE]){1,2}(?:/|$)");

    /**
     * Returns whether {@code path} could mean one thing here and another further on: dots, empty or encoded segments.
     */
    public static boolean isStrange(String path) {
        return !isPlain(path) && STRANGE.matcher(path).find();
    }

    /** Returns whether {@code path} is surely not strange, as most are: a loop costs a tenth of the expression. */
    private static boolean isPlain(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean word = Character.isLetterOrDigit(c) || c == '-' || c == '_';
            boolean single = c == '/' && !path.startsWith("/", i + 1);
            if (!word && !single) {
                return false;
            }
        }
        return true;
    }

    /** Returns the path without path parameters ({@code ;x=y}), which nobody here looks at. */
    public static String withoutParameters(String path) {
        return path.indexOf(';') < 0 ? path : path.replaceAll(";[^/]*", "");
    }

    /**
     * Returns what a request needs.
     *
     * @param path still encoded, without the context path and without path parameters
     */
    public static Access of(String method, String path) {
        if (READING.contains(method)) {
            return ofReading(path);
        } else if (!method.equals("POST")) {
            return new Access(Set.of(Role.OPERATOR));
        }
        return ofPosting(path);
    }

    private static Access ofReading(String path) {
        if (OPEN_PATHS.contains(path)) {
            return OPEN;
        }
        if (OPERATORS_PATHS.contains(path)) {
            return new Access(Set.of(Role.OPERATOR));
        }
        boolean shared = SHARED_PATHS.contains(path) || PROGRAMS.matcher(path).matches();
        return shared ? ANYBODY_KNOWN : new Access(Set.of(Role.VIEWER));
    }

    private static Access ofPosting(String path) {
        return switch (path) {
            case "/login" -> OPEN;
            case "/logout" -> ANYBODY_KNOWN;
            default -> new Access(Set.of(PROGRAM.matcher(path).matches() ? Role.CALLER : Role.OPERATOR));
        };
    }

    /** Returns whether {@code path} is open, but tells more to who may see pools. */
    public static boolean isToldMoreToViewers(String path) {
        return path.equals(READINESS);
    }

    public boolean isOpen() {
        return anyOf.isEmpty();
    }

    /** Returns whether somebody with {@code roles} may. */
    public boolean allows(Set<Role> roles) {
        return isOpen() || anyOf.stream().anyMatch(needed -> Role.covered(roles, needed));
    }
}
