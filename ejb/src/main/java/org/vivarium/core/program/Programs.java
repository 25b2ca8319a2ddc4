package org.vivarium.core.program;

/**
 * The programs of one pool.
 *
 * @param catalog those that its workers have told
 * @param isolation those that kill workers
 */
public record Programs(ProgramCatalog catalog, Isolation isolation) {}
