package org.vivarium.core.changes;

import java.util.List;

/**
 * Where everything that changes something on somebody's demand says so, before it does it: in one line of the audit log
 * and, with {@link ChangeLog}, in a record that stays. Thread safe.
 */
public interface ChangeRecorder {

    /**
     * Records changes that are allowed and about to be made; returns once their records cannot be lost.
     *
     * @throws org.vivarium.api.PythonException of type {@code ChangeNotRecorded} if they cannot be recorded; then none
     *     of them may be made
     */
    void record(List<Change> changes);

    /**
     * Records a change that was asked for and is not made; never throws.
     *
     * @param why the sentence that who asked for it gets
     */
    void refused(Change change, String why);

    /** Records one change, see {@link #record(List)}. */
    default void record(Change change) {
        record(List.of(change));
    }

    /** Returns one that writes lines of the audit log and keeps no records. */
    static ChangeRecorder auditOnly() {
        return AuditLines.ONLY;
    }
}
