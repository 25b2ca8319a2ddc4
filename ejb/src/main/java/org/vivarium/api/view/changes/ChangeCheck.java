package org.vivarium.api.view.changes;

import java.util.List;

/**
 * Whether the files of the change log are what was once written.
 *
 * @param records how many lines are records
 * @param problems what is wrong, each with file and line
 */
public record ChangeCheck(boolean intact, long records, List<String> problems) {
    public ChangeCheck {
        problems = List.copyOf(problems);
    }
}
