package org.vivarium.core.config;

import org.vivarium.api.Actor;

/**
 * Hears of changed settings after they are visible, one change at a time in the order in which they were made, outside
 * of any lock, on the thread that made the change or on one that made another; must not block.
 */
@FunctionalInterface
public interface SettingsListener<S> {

    /**
     * Takes what was, what became of it, and who changed it; by now there may be later changes, which are told after
     * this one.
     */
    void changed(S before, S after, Actor actor);
}
