package org.vivarium.testing.fake;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.core.changes.Change;
import org.vivarium.core.changes.ChangeRecorder;

/** Keeps what is recorded in memory, or can record nothing, as on a full disk. */
public final class FakeRecorder implements ChangeRecorder {
    private final List<String> changes = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;
    private volatile Runnable listener = () -> {};

    /** Sets whether nothing can be recorded. */
    public void refuse(boolean refuse) {
        refusing = refuse;
    }

    /** Has {@code told} run whenever something is being recorded. */
    public void listen(Runnable told) {
        listener = told;
    }

    /** Returns what was recorded: kind, subject, old and new value, and the sentence of a refusal. */
    public List<String> changes() {
        return List.copyOf(changes);
    }

    @Override
    public void record(List<Change> made) {
        if (refusing) {
            throw ErrorType.CHANGE_NOT_RECORDED.exception(
                    ErrorContext.of("default"),
                    "the change was not made, because it cannot be recorded: the disk is full");
        }
        listener.run();
        made.forEach(change -> changes.add(text(change)));
        ChangeRecorder.auditOnly().record(made);
    }

    @Override
    public void refused(Change change, String why) {
        changes.add(text(change) + " REFUSED " + why);
        ChangeRecorder.auditOnly().refused(change, why);
    }

    private static String text(Change change) {
        return change.kind() + ' ' + change.subject() + ' ' + change.before() + ' ' + change.after();
    }
}
