package org.vivarium.api;

import org.jspecify.annotations.Nullable;

/**
 * What follows from a failure of a kind: its HTTP status, whether to try again, and whose fault it is. Of a type that
 * the service raises itself its {@link ErrorType} says so; of any other, such as the exceptions of programs, its
 * {@link ErrorCategory}.
 */
public sealed interface ErrorDescriptor permits ErrorType, ErrorCategory {

    /** Returns the name in JSON, logs and metrics. */
    String code();

    /** Returns the HTTP status. */
    int status();

    /** Returns whether to try again, and how soon. */
    Retry retry();

    /** Returns whose fault it is. */
    Blame blame();

    /** Returns what has happened, in one sentence. */
    String description();

    /** Returns what describes failures of {@code type}: that very type if the service knows it in {@code category}. */
    static ErrorDescriptor of(ErrorCategory category, @Nullable String type) {
        ErrorType known = type == null ? null : ErrorType.named(type);
        return known != null && known.category() == category ? known : category;
    }

    /** Whether the same call may succeed later without a change. */
    enum Retry {
        /** It will fail again. */
        NEVER(0),
        /** In a second: a worker or a permit comes free any moment. */
        SOON(1),
        /** In some seconds: something has to be started, resumed or replaced before. */
        LATER(5);

        private final int seconds;

        Retry(int seconds) {
            this.seconds = seconds;
        }

        /** Returns whether it may succeed at all. */
        public boolean mayHelp() {
            return this != NEVER;
        }

        /** Returns after how many seconds it makes sense to try again; 0 if it never does. */
        public int afterSeconds() {
            return seconds;
        }
    }

    /** Whose fault a failure is: objectives count those of the service, circuit breakers those of the program. */
    enum Blame {
        /** The service's: there was no worker, or it stumbled itself. Counts against availability. */
        SERVICE,
        /** The program's: it raised, took too long, or took too much. Counts for the circuit breaker. */
        PROGRAM,
        /** Of one of both, and nobody can tell which: a worker was lost. Counts for both. */
        EITHER,
        /** Of neither: a limit, a session or an open breaker left no way. Counts against the success ratio alone. */
        NEITHER,
        /** The caller's: there is no such thing, or the request is not right. Counts for nothing but the error rate. */
        CALLER,
        /** Nobody's: somebody wanted the call to end. It is no error. */
        NOBODY;

        /** Returns whether availability counts it. */
        public boolean isOfService() {
            return this == SERVICE || this == EITHER;
        }

        /** Returns whether the circuit breaker counts it. */
        public boolean isOfProgram() {
            return this == PROGRAM || this == EITHER;
        }
    }
}
