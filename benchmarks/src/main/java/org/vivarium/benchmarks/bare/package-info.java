/**
 * A JAX-RS application that only echoes, to compare with. RestOverhead packs it into a WAR; it must know nothing else
 * of ours.
 */
@NullMarked
package org.vivarium.benchmarks.bare;

import org.jspecify.annotations.NullMarked;
