/**
 * Starts and stops everything in order, and offers it to CDI and to other applications. The only place that sees all
 * adapters. Start at ServiceBoot.
 */
@NullMarked
package org.vivarium.adapter.boot;

import org.jspecify.annotations.NullMarked;
