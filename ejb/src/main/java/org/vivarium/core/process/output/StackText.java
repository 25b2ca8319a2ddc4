package org.vivarium.core.process.output;

import java.util.regex.Pattern;

/** The text of thread dumps, as faulthandler writes it: a head per thread, then its frames, innermost first. */
final class StackText {
    /** Where a process of ours begins; of a forked one that is the fork server's and the guardian's way to the fork. */
    private static final Pattern ORIGIN = Pattern.compile(
            "^ +File \"[^\"]*/vivarium_worker/(?:boot\\.py|(?:guardian|forkserver)/[^\"]*)\", line .*\\R?",
            Pattern.MULTILINE);

    private StackText() {}

    /** Returns {@code dump} without the frames that every worker has below its own, and which say nothing of it. */
    static String withoutOrigin(String dump) {
        return ORIGIN.matcher(dump).replaceAll("");
    }
}
