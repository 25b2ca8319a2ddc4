package org.vivarium.api.view.resources;

/**
 * What the machine does.
 *
 * @param processors logical ones that this service may use
 * @param cpu part of the time of all processors that was used since the previous sample, 0 to 1; NaN in the first
 * @param load1m average number of processes that run or want to, over a minute; NaN if the system does not say
 * @param availableBytes memory that can be had without swapping; 0 if the system does not say
 */
public record HostView(int processors, double cpu, double load1m, long memoryBytes, long availableBytes) {}
