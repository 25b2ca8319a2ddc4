/** History in a relational database, by JDBC. Start at JdbcHistory. */
@NullMarked
package org.vivarium.adapter.history;

import org.jspecify.annotations.NullMarked;
