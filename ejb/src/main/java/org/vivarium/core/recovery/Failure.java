package org.vivarium.core.recovery;

import java.time.Duration;

/** What can go wrong with a worker; one record per kind. */
public sealed interface Failure {

    /** Returns the name of the worker. */
    String worker();

    /** Returns the name of the kind in telemetry and management: never rename one. */
    String kind();

    /** Returns what happened, so that it follows the worker's name in a sentence. */
    String how();

    /**
     * Returns whether it counts towards the restart limit if the worker had no call. What the pool itself has ended,
     * for a deadline or for its health, does not: those ends come one by one, each after a wait of its own; nor does a
     * start that failed, which has a back-off of its own.
     */
    boolean isCrash();

    /** Returns what happened as a sentence. */
    default String inWords() {
        return "worker " + worker() + " " + how();
    }

    /** The process ended, and nobody had asked it to. */
    record ProcessExited(String worker, String how) implements Failure {
        @Override
        public String kind() {
            return "PROCESS_EXITED";
        }

        @Override
        public boolean isCrash() {
            return true;
        }
    }

    /** A connection ended while the process did not, as far as anybody knows. */
    record ChannelLost(String worker, String detail) implements Failure {
        @Override
        public String kind() {
            return "CHANNEL_LOST";
        }

        @Override
        public String how() {
            return "lost its call channel: " + detail;
        }

        @Override
        public boolean isCrash() {
            return true;
        }
    }

    /** The worker sent what the protocol does not allow. */
    record FrameMalformed(String worker, String detail) implements Failure {
        @Override
        public String kind() {
            return "FRAME_MALFORMED";
        }

        @Override
        public String how() {
            return "broke the protocol: " + detail;
        }

        @Override
        public boolean isCrash() {
            return true;
        }
    }

    /**
     * A check of an idle worker was not answered in time.
     *
     * @param inARow how many have failed since the last one that passed, this one included
     */
    record CheckFailed(String worker, int inARow, Duration timeout) implements Failure {
        @Override
        public String kind() {
            return "HEALTH_CHECK_FAILED";
        }

        @Override
        public String how() {
            return "did not answer a health check within %d ms, %d in a row".formatted(timeout.toMillis(), inARow);
        }

        @Override
        public boolean isCrash() {
            return false;
        }
    }

    /** A busy worker has shown no sign of life for too long. */
    record HeartbeatLost(String worker, String how) implements Failure {
        @Override
        public String kind() {
            return "HEARTBEAT_LOST";
        }

        @Override
        public boolean isCrash() {
            return false;
        }
    }

    /** A call was cancelled, and the worker did not stop it, or not all of it. */
    record CancelIgnored(String worker, String how) implements Failure {
        @Override
        public String kind() {
            return "CANCEL_IGNORED";
        }

        @Override
        public boolean isCrash() {
            return false;
        }
    }

    /** A call passed its deadline, and the worker did not end it in time. */
    record DeadlinePassed(String worker, String program) implements Failure {
        @Override
        public String kind() {
            return "DEADLINE_PASSED";
        }

        @Override
        public String how() {
            return "ran '" + program + "' past its deadline";
        }

        @Override
        public boolean isCrash() {
            return false;
        }
    }

    /**
     * The worker used more than it may and was ended for it.
     *
     * @param isCrash whether the next worker may go the same way without being asked for anything
     */
    record LimitExceeded(String worker, String how, boolean isCrash) implements Failure {
        @Override
        public String kind() {
            return "LIMIT_EXCEEDED";
        }
    }

    /**
     * A worker did not become ready.
     *
     * @param inARow how many rounds of starts have failed since the last worker that became ready, this one included
     */
    record StartFailed(String worker, int inARow, String detail) implements Failure {
        @Override
        public String kind() {
            return "START_FAILED";
        }

        @Override
        public String how() {
            return "could not start: " + detail;
        }

        @Override
        public boolean isCrash() {
            return false;
        }
    }

    /**
     * A worker was not forked, since it would share or lack what imports have opened or started.
     *
     * @param detail what that is, and what to do
     */
    record ForkRefused(String worker, String detail) implements Failure {
        @Override
        public String kind() {
            return "FORK_REFUSED";
        }

        @Override
        public String how() {
            return "could not be forked: " + detail;
        }

        @Override
        public boolean isCrash() {
            return false;
        }
    }

    /**
     * A worker was not started because it would not fit into the memory of the container.
     *
     * @param inARow how many times since all last fitted, this one included
     * @param detail what it needs, and what there is
     */
    record NoMemory(int inARow, String detail) implements Failure {
        @Override
        public String worker() {
            return ""; // there is none
        }

        @Override
        public String kind() {
            return "NO_MEMORY";
        }

        @Override
        public String how() {
            return "no further worker is started: " + detail;
        }

        @Override
        public boolean isCrash() {
            return false;
        }

        @Override
        public String inWords() {
            return how();
        }
    }
}
