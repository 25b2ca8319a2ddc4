package org.vivarium.core.config;

import org.vivarium.api.Actor;

/** Hears of changed settings after they are visible, outside of any lock; must not block. */
@FunctionalInterface
public interface SettingsListener {

    /** Takes what was, what is, and who changed it; two changes that race may arrive in either order. */
    void changed(PoolSettings before, PoolSettings after, Actor actor);
}
