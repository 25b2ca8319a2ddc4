/**
 * What nothing may lose: small documents in the home directory, each written to the disk before the writer goes on.
 * Start at StateStore. Must not know what the documents are about.
 */
@NullMarked
package org.vivarium.core.state;

import org.jspecify.annotations.NullMarked;
