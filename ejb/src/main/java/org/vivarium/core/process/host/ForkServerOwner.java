package org.vivarium.core.process.host;

import org.jspecify.annotations.Nullable;
import org.vivarium.core.process.procfs.ProcessIdentity;

/** The parent of fork servers, as one of them sees it. Thread safe; nothing blocks. */
interface ForkServerOwner {

    /**
     * Has {@code process}, which is {@code server} or a child of it, signalled; signal 9 goes to its group as well.
     * Nothing happens if it is {@code null}, has gone, or is another one by now.
     */
    void signal(ForkServer server, @Nullable ProcessIdentity process, int signal);

    /** Has {@code server}, which has no workers any more, ended; that is no news then. */
    void stop(ForkServer server);

    /**
     * Returns the last lines that it printed, and fork servers that had no channel for it yet, each after a line break.
     */
    String bootLog();
}
