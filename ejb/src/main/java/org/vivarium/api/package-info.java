/**
 * What applications compile against: the pool, the options of a call and one sealed family of exceptions. Start at
 * PythonPool. Imports the JDK, and annotations of Jakarta EE.
 */
@NullMarked
package org.vivarium.api;

import org.jspecify.annotations.NullMarked;
