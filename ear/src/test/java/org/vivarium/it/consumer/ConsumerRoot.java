package org.vivarium.it.consumer;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Serves the consumer's resources at the root of its WAR. */
@ApplicationPath("/")
public class ConsumerRoot extends Application {}
