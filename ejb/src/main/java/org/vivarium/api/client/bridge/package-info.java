/**
 * How calls cross from an application into the service: the contract of JDK types in JNDI, and JSON in the class loader
 * of the caller. Start at Bridge. Not for applications.
 */
@NullMarked
package org.vivarium.api.client.bridge;

import org.jspecify.annotations.NullMarked;
