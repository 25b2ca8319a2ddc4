package org.vivarium.core.runtime;

import java.util.List;
import org.vivarium.api.operation.ChangeHistory;
import org.vivarium.api.view.changes.ChangeCheck;
import org.vivarium.api.view.changes.ChangeFilter;
import org.vivarium.api.view.changes.ChangeLogView;
import org.vivarium.api.view.changes.ChangeView;
import org.vivarium.api.view.page.Page;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.core.changes.Change;
import org.vivarium.core.changes.ChangeLog;
import org.vivarium.core.changes.ChangeQuery;
import org.vivarium.core.changes.ChangeRecord;
import org.vivarium.core.changes.Verification;

/** The change log for operators. Thread safe. */
record ChangeReader(ChangeLog log) implements ChangeHistory {

    /** Of a service that keeps no records. */
    static final ChangeHistory NONE = new ChangeHistory() {
        @Override
        public Page<ChangeView> changes(ChangeFilter filter, PageRequest page) {
            return new Page<>(List.of(), null);
        }

        @Override
        public ChangeLogView status() {
            return new ChangeLogView(0, "", "this service keeps no records of changes", null);
        }

        @Override
        public ChangeCheck verify() {
            return new ChangeCheck(true, 0, List.of());
        }
    };

    @Override
    public Page<ChangeView> changes(ChangeFilter filter, PageRequest page) {
        ChangeQuery query = new ChangeQuery(filter.pool(), filter.actor(), filter.kind(), filter.from(), filter.to());
        List<ChangeView> found = log.query(query, before(page), page.limit() + 1).stream()
                .map(ChangeReader::view)
                .toList();
        if (found.size() <= page.limit()) {
            return new Page<>(found, null);
        }
        List<ChangeView> shown = found.subList(0, page.limit());
        return new Page<>(shown, Long.toString(shown.get(shown.size() - 1).sequence()));
    }

    private static long before(PageRequest page) {
        String after = page.after();
        if (after == null) {
            return Long.MAX_VALUE;
        }
        if (!after.matches("\\d{1,18}")) {
            throw PageRequest.unknownCursor(after);
        }
        return Long.parseLong(after);
    }

    @Override
    public ChangeLogView status() {
        List<ChangeView> last = log.query(ChangeQuery.ALL, Long.MAX_VALUE, 1).stream()
                .map(ChangeReader::view)
                .toList();
        return new ChangeLogView(log.sequence(), log.hash(), log.problem(), last.isEmpty() ? null : last.get(0));
    }

    @Override
    public ChangeCheck verify() {
        Verification found = log.verify();
        return new ChangeCheck(
                found.intact(),
                found.records(),
                found.problems().stream().map(Verification.Problem::toString).toList());
    }

    private static ChangeView view(ChangeRecord record) {
        Change change = record.change();
        return new ChangeView(
                record.sequence(),
                record.time(),
                change.actor().name(),
                change.actor().origin(),
                change.actor().address(),
                change.kind(),
                change.pool(),
                change.type(),
                change.subject(),
                change.before(),
                change.after(),
                change.reason(),
                record.outcome(),
                record.refusal(),
                record.hash());
    }
}
