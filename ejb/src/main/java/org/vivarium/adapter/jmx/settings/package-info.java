/**
 * Parameters as beans: attributes that can be written, and what can be done with several at once. Start at
 * ParameterMBean.
 */
@NullMarked
package org.vivarium.adapter.jmx.settings;

import org.jspecify.annotations.NullMarked;
