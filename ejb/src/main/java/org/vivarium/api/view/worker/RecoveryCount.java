package org.vivarium.api.view.worker;

/**
 * How often one kind of failure was decided about in one way since the pool started.
 *
 * @param failure what happened, such as {@code PROCESS_EXITED}
 * @param decision {@code REPLACE_NOW}, {@code DEGRADE}, {@code RETRY_AFTER} or {@code PACE}
 */
public record RecoveryCount(String failure, String decision, long count) {}
