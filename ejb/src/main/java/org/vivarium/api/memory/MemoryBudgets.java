package org.vivarium.api.memory;

/**
 * What the service holds of others' data, and how much it may.
 *
 * @param requests room for large bodies of requests, from before they are read until their calls have ended
 * @param results room for large results, from before they are read until their callers have got them
 */
public record MemoryBudgets(ByteBudget requests, ByteBudget results) {}
