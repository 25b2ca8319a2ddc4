/** All MBeans of the service. Start at ManagementBeans. Converts and delegates; decides nothing. */
@NullMarked
package org.vivarium.adapter.jmx;

import org.jspecify.annotations.NullMarked;
