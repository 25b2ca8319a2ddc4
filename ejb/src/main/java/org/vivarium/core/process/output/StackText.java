package org.vivarium.core.process.output;

import java.util.regex.Pattern;

/** The text of thread dumps, as faulthandler writes it: a head per thread, then its frames, innermost first. */
final class StackText {
    /**
     * Where a process of ours begins, of a forked one that is the fork server's and the guardian's way to the fork; and
     * the machinery between an import and the module.
     */
    private static final Pattern ORIGIN = Pattern.compile(
            "^ +File \"(?:[^\"]*/vivarium_worker/(?:boot\\.py|(?:guardian|forkserver)/[^\"]*|worker/loading\\.py)\", line "
                    + "|[^\"]*/vivarium_worker/protocol/channel\\.py\", line [0-9]+ in handle_next"
                    + "|<frozen importlib[^\"]*\"|[^\"]*/importlib/__init__\\.py\").*\\R?",
            Pattern.MULTILINE);

    private StackText() {}

    /** Returns {@code dump} without the frames that every worker has below its own, and which say nothing of it. */
    static String withoutOrigin(String dump) {
        return ORIGIN.matcher(dump).replaceAll("");
    }
}
