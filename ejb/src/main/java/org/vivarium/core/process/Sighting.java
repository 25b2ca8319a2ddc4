package org.vivarium.core.process;

/** What was seen of a process, and when by the ticker of the service. */
public record Sighting(ProcessSample sample, long nanos) {}
