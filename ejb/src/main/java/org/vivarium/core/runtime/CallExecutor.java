package org.vivarium.core.runtime;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Carries out asynchronous calls, and completes their stages: as many threads as are needed, so that an application
 * that blocks in one holds up nobody else.
 *
 * <p>What comes after its end, such as the failure of a call that still waited, gets a thread of its own: else what an
 * application does about it would run on whichever thread ended the wait, a timer's or that of another caller.
 */
final class CallExecutor extends ThreadPoolExecutor {
    private static final long IDLE_SECONDS = 60;

    CallExecutor(ThreadFactory threads) {
        super(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                threads,
                (task, ended) -> threads.newThread(task).start());
    }
}
