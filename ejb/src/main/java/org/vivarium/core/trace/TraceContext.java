package org.vivarium.core.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;

/**
 * What a caller gives of its distributed trace, held against the recommendations W3C Trace Context and W3C Baggage:
 * what is not as they say is left out, so that nothing broken travels on.
 */
public final class TraceContext {
    private static final int LENGTH = 55; // 2-32-16-2
    private static final int LONGEST_PARENT = 256;
    private static final Pattern PARENT =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})");
    private static final String CURRENT_VERSION = "00";
    private static final int KNOWN_FLAGS = 0x03; // sampled, random

    private static final int MOST_MEMBERS = 32;
    private static final int LONGEST_STATE = 512;
    private static final int LARGE_MEMBER = 128;
    private static final int LONGEST_STATE_READ = 32 * 513;
    private static final Pattern STATE_MEMBER = Pattern.compile("(?:[a-z][a-z0-9_*/-]{0,255}"
            + "|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})=[\\x20-\\x7e&&[^,=]]{0,255}[\\x21-\\x7e&&[^,=]]");

    private static final int MOST_ENTRIES = 180;
    private static final int LONGEST_BAGGAGE = 8_192;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String VALUE = "[\\x21-\\x7e&&[^\",;\\\\]]*";
    private static final Pattern ENTRY =
            Pattern.compile(TOKEN + "\\s*=\\s*" + VALUE + "(?:\\s*;\\s*" + TOKEN + "(?:\\s*=\\s*" + VALUE + ")?)*");

    private TraceContext() {}

    /** Returns whether there is nothing to look at. */
    public static boolean isAbsent(CallContext context) {
        return context.traceparent() == null && context.tracestate() == null && context.baggage() == null;
    }

    /** Returns {@code context} with only what is valid of its trace. */
    public static CallContext checked(CallContext context) {
        String parent = parent(context.traceparent());
        String state = parent == null ? null : state(context.tracestate()); // without its parent it means nothing
        return context.withTrace(parent, state, baggage(context.baggage()));
    }

    /** Returns whether something that was {@code given} is not in {@code valid}. */
    public static boolean lost(CallContext given, CallContext valid) {
        return isLost(given.traceparent(), valid.traceparent())
                || isLost(given.tracestate(), valid.tracestate())
                || isLost(given.baggage(), valid.baggage());
    }

    private static boolean isLost(@Nullable String given, @Nullable String valid) {
        return given != null && valid == null;
    }

    /**
     * Returns {@code given} if it is valid. Of a version that is not known yet, what version 00 has is read, and
     * written as version 00; what stands behind is left out.
     */
    static @Nullable String parent(@Nullable String given) {
        if (given == null
                || given.length() > LONGEST_PARENT
                || !PARENT.matcher(given).lookingAt()) {
            return null;
        }
        if (given.startsWith(CURRENT_VERSION)) {
            return given.length() == LENGTH ? given : null;
        }
        return given.length() == LENGTH || given.charAt(LENGTH) == '-' ? ofCurrentVersion(given) : null;
    }

    private static String ofCurrentVersion(String given) {
        String known = given.substring(0, LENGTH);
        int flags = Integer.parseInt(known.substring(LENGTH - 2), 16) & KNOWN_FLAGS;
        return CURRENT_VERSION + known.substring(2, LENGTH - 2) + "%02x".formatted(flags);
    }

    /** Returns the members of {@code given}, as many as fit into 512 characters; {@code null} if one is not valid. */
    static @Nullable String state(@Nullable String given) {
        if (given == null || given.length() > LONGEST_STATE_READ) {
            return null;
        }
        List<String> members = members(given);
        boolean valid = !members.isEmpty()
                && members.size() <= MOST_MEMBERS
                && members.stream()
                        .allMatch(member -> STATE_MEMBER.matcher(member).matches());
        return valid ? cut(members) : null;
    }

    /** Leaves out large members first, then the oldest, which stand last. */
    private static @Nullable String cut(List<String> members) {
        List<String> kept = new ArrayList<>(members);
        for (int i = kept.size() - 1; i >= 0 && joined(kept).length() > LONGEST_STATE; i--) {
            if (kept.get(i).length() > LARGE_MEMBER) {
                kept.remove(i);
            }
        }
        while (joined(kept).length() > LONGEST_STATE) {
            kept.remove(kept.size() - 1);
        }
        return kept.isEmpty() ? null : joined(kept);
    }

    private static String joined(List<String> members) {
        return String.join(",", members);
    }

    /** Returns {@code given} if all its entries are valid and within the limits. */
    static @Nullable String baggage(@Nullable String given) {
        if (given == null || given.length() > LONGEST_BAGGAGE) {
            return null;
        }
        List<String> entries = members(given);
        boolean valid = !entries.isEmpty()
                && entries.size() <= MOST_ENTRIES
                && entries.stream().allMatch(entry -> ENTRY.matcher(entry).matches());
        return valid ? joined(entries) : null;
    }

    private static List<String> members(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(member -> member.replaceAll("^[ \\t]+|[ \\t]+$", ""))
                .filter(member -> !member.isEmpty())
                .collect(Collectors.toList());
    }
}
