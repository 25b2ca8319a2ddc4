package org.vivarium.core.recovery;

import java.time.Duration;

/** What is to be done about a failure; one record per kind, each with its reason in a sentence. */
public sealed interface Decision {

    /** Returns the name of the kind in telemetry and management: never rename one. */
    String kind();

    /** Returns why, as a sentence. */
    String reason();

    /** Returns how long to wait before the next step; zero if it is taken at once. */
    Duration delay();

    /** End the worker, and start another at once. */
    record ReplaceNow(String reason) implements Decision {
        @Override
        public String kind() {
            return "REPLACE_NOW";
        }

        @Override
        public Duration delay() {
            return Duration.ZERO;
        }
    }

    /** Give the worker no calls, and check it again after {@code delay}. */
    record Degrade(Duration delay, String reason) implements Decision {
        @Override
        public String kind() {
            return "DEGRADE";
        }
    }

    /** End the worker, and start nothing before {@code delay} has passed. */
    record RetryAfter(Duration delay, String reason) implements Decision {
        @Override
        public String kind() {
            return "RETRY_AFTER";
        }
    }

    /** Start nothing before what stood against it has changed. */
    record AwaitChange(String reason) implements Decision {
        @Override
        public String kind() {
            return "AWAIT_CHANGE";
        }

        @Override
        public Duration delay() {
            return Duration.ZERO;
        }
    }

    /** Too many workers die without a call: replace them one at a time, the next one after {@code delay}. */
    record Pace(Duration delay, String reason) implements Decision {
        @Override
        public String kind() {
            return "PACE";
        }
    }
}
