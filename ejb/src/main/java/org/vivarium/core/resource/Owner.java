package org.vivarium.core.resource;

/**
 * The worker that a process is, or that has started it.
 *
 * @param pool empty if it is not known
 */
record Owner(String pool, String worker) {}
