package org.vivarium.api.view.resources;

/**
 * What the JVM of the service uses, the server and its other applications included.
 *
 * @param cpuMillis processor time since it started
 * @param cpuPercent processor time since the previous sample, 100 for one processor; NaN in the first
 * @param heapMaximumBytes -1 if there is no limit
 * @param collections garbage collections since its start
 * @param collectionMillis time that they took
 */
public record JvmView(
        long pid,
        long cpuMillis,
        double cpuPercent,
        long rssBytes,
        long heapBytes,
        long heapMaximumBytes,
        long nonHeapBytes,
        long collections,
        long collectionMillis,
        int threads,
        int openDescriptors) {}
