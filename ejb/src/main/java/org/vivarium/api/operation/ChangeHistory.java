package org.vivarium.api.operation;

import org.vivarium.api.view.changes.ChangeCheck;
import org.vivarium.api.view.changes.ChangeFilter;
import org.vivarium.api.view.changes.ChangeLogView;
import org.vivarium.api.view.changes.ChangeView;
import org.vivarium.api.view.page.Page;
import org.vivarium.api.view.page.PageRequest;

/** Who changed what, as the change log has it. Reads files, so call it at human speed. Thread safe. */
public interface ChangeHistory {

    /**
     * Returns a page of the changes that match, the newest first.
     *
     * @throws IllegalArgumentException if the cursor of {@code page} is none
     */
    Page<ChangeView> changes(ChangeFilter filter, PageRequest page);

    /** Returns how far the change log has come. */
    ChangeLogView status();

    /** Goes through all files and tells where they are not what was once written. */
    ChangeCheck verify();
}
