package org.vivarium.api.view.settings;

import java.time.Duration;

/**
 * What requests and their answers may take. Immutable.
 *
 * @param inputBytes longest body of a call
 * @param bodyBytes longest body of anything else
 * @param bodyPatience how long a body may take, and a second more for each 64 KiB
 * @param answerPatience how long a client may take to read an answer, likewise
 * @param idempotent what is kept of calls with an {@code Idempotency-Key}
 */
public record HttpLimits(
        int inputBytes, int bodyBytes, Duration bodyPatience, Duration answerPatience, Answers idempotent) {
    /**
     * What is kept of calls that must not run twice.
     *
     * @param kept how long
     * @param keys most keys
     * @param bytes most bytes of all answers
     * @param answerBytes most bytes of one
     */
    public record Answers(Duration kept, int keys, long bytes, long answerBytes) {}
}
