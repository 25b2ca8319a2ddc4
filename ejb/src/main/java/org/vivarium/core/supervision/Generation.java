package org.vivarium.core.supervision;

import org.vivarium.core.config.PythonSettings;

/**
 * One Python of a pool: its settings as they were read, and the modules as they were on disk when its first worker
 * started. All workers of a generation run the same code.
 */
public record Generation(int number, String pool, PythonSettings python) {

    /**
     * Returns what keeps its fork server apart from others; the first generations of pools that are alike share one.
     */
    String edition() {
        return number == 1 ? "" : pool + '#' + number;
    }

    Generation next(PythonSettings changed) {
        return new Generation(number + 1, pool, changed);
    }

    @Override
    public String toString() {
        return "generation " + number;
    }
}
