/**
 * What the container that the service runs in allows and uses, by the files of its control groups (cgroup v1 and v2).
 * Start at Cgroup. Reads only; must not know what the numbers are used for.
 */
@NullMarked
package org.vivarium.core.process.cgroup;

import org.jspecify.annotations.NullMarked;
