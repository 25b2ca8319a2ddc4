/**
 * How a pool is configured: each parameter described once, read strictly from files, properties and environment, and
 * changed at one choke point. Start at PoolParameter, then ConfigurationReader and ParameterStore. Must not know
 * workers, pools or JMX.
 */
@NullMarked
package org.vivarium.core.config;

import org.jspecify.annotations.NullMarked;
