/** What an operator may see and do through Java, REST and dashboards. Start at PoolOperations. */
@NullMarked
package org.vivarium.api.operation;

import org.jspecify.annotations.NullMarked;
