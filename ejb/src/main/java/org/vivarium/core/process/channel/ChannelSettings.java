package org.vivarium.core.process.channel;

import java.time.Duration;

/** How calls travel: the largest frame, and how long to spin before waiting (0 = not at all). */
public record ChannelSettings(int maximumFrameBytes, Duration spin) {}
