/**
 * How any MBean of ours is built: descriptions, measured attributes, registration, safety on JMX threads. Start at
 * DescribedMBean. Knows none of them.
 */
@NullMarked
package org.vivarium.adapter.jmx.mbean;

import org.jspecify.annotations.NullMarked;
