package org.vivarium.api.view.resources;

/**
 * The machine, whatever a container on it allows.
 *
 * @param processors logical ones that it has; 0 if the system does not say
 * @param cpu part of the time of all processors that was used since the previous sample, 0 to 1; NaN in the first
 * @param memoryBytes 0 if the system does not say
 * @param availableBytes memory that can be had without swapping; 0 if the system does not say
 */
public record MachineView(int processors, double cpu, long memoryBytes, long availableBytes) {}
