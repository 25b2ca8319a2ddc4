/** The MBeans of one pool. Start at PoolBean. Reads snapshots and hands operations on. */
@NullMarked
package org.vivarium.adapter.jmx.pool;

import org.jspecify.annotations.NullMarked;
