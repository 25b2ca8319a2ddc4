/** Events as notifications of MBeans. Start at PoolNotifier. Knows no bean. */
@NullMarked
package org.vivarium.adapter.jmx.notification;

import org.jspecify.annotations.NullMarked;
