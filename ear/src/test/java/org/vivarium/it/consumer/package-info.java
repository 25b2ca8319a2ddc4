/**
 * The code of an application that uses the service: only the public API and Jakarta EE. Runs on the server, in a WAR of
 * its own.
 */
@NullMarked
package org.vivarium.it.consumer;

import org.jspecify.annotations.NullMarked;
