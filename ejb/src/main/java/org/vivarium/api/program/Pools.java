package org.vivarium.api.program;

import java.io.Serializable;
import org.vivarium.api.PythonPool;

/** Finds pools by name. Serializable, because a proxy may be kept in a passivated bean. */
@FunctionalInterface
public interface Pools extends Serializable {

    /** Returns the pool {@code name}, which need not exist yet. */
    PythonPool of(String name);
}
