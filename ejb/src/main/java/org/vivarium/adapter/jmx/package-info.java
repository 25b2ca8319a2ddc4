/**
 * The door for JConsole, VisualVM and every other JMX client. Start at ManagementBeans. Knows operations, views and
 * parameters, but neither workers nor pools.
 */
@NullMarked
package org.vivarium.adapter.jmx;

import org.jspecify.annotations.NullMarked;
