package org.vivarium.core.process.procfs;

/** What was seen of a process, and when by the ticker of the service. */
public record TimedSample(ProcessSample sample, long nanos) {}
