/** Snapshots of workers: states, decisions about their failures, rolling restarts. Start at WorkerView. */
@NullMarked
package org.vivarium.api.view.worker;

import org.jspecify.annotations.NullMarked;
