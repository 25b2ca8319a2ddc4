package org.vivarium.api.view.resources;

import org.jspecify.annotations.Nullable;

/**
 * What the service may use, and what is used of it: of the machine, or of its container where that allows less.
 *
 * @param processors logical ones that this service may use
 * @param cpu part of the time of all these processors that was used since the previous sample, 0 to 1, of the machine
 *     or of the container, whichever is larger; NaN in the first
 * @param load1m average number of processes of the machine that run or want to, over a minute; NaN if the system does
 *     not say
 * @param memoryBytes memory of the machine or limit of the container, whichever is smaller; 0 if the system does not
 *     say
 * @param availableBytes memory that can be had without swapping, and without reaching the limit of the container; 0 if
 *     the system does not say
 * @param machine the machine alone
 * @param container the container alone; {@code null} if none limits memory or processors
 */
public record HostView(
        int processors,
        double cpu,
        double load1m,
        long memoryBytes,
        long availableBytes,
        MachineView machine,
        @Nullable ContainerView container) {}
