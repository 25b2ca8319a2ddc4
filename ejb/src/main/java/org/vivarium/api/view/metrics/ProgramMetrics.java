package org.vivarium.api.view.metrics;

/**
 * The calls of one program.
 *
 * @param program its name; {@code _other} stands for all beyond the first 100
 * @param calls that ended since the service started
 * @param errors those of them that failed
 * @param window the last while
 */
public record ProgramMetrics(String program, long calls, long errors, CallStats window) {}
