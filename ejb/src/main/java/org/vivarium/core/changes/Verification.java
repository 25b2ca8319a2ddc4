package org.vivarium.core.changes;

import java.util.List;

/**
 * Whether the change log is whole.
 *
 * @param records how many lines are records
 * @param problems what was found, in the order of the files and their lines; empty if it is whole
 */
public record Verification(long records, List<Problem> problems) {
    public Verification {
        problems = List.copyOf(problems);
    }

    /** Returns whether nothing was found. */
    public boolean intact() {
        return problems.isEmpty();
    }

    /**
     * One thing that is wrong.
     *
     * @param file its name in the directory of the change log
     * @param line from 1; 0 if it is about no line
     */
    public record Problem(String file, long line, String what) {
        @Override
        public String toString() {
            return file + (line == 0 ? "" : ", line " + line) + ": " + what;
        }
    }
}
