/**
 * The JMX contracts, with descriptions, units, ranges and impacts as annotations. Only open types in signatures, so a
 * plain JMX client needs no jar of ours.
 */
@NullMarked
package org.vivarium.api.management;

import org.jspecify.annotations.NullMarked;
