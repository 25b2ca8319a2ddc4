package org.vivarium.adapter.jmx;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.api.management.ChangeLogMXBean;
import org.vivarium.api.management.ChangeRow;
import org.vivarium.api.operation.ChangeHistory;
import org.vivarium.api.view.changes.ChangeFilter;
import org.vivarium.api.view.changes.ChangeLogView;
import org.vivarium.api.view.changes.ChangeView;
import org.vivarium.api.view.page.PageRequest;

/** Shows the change log: its state from one snapshot, rows on demand. */
final class ChangeLogBean implements ChangeLogMXBean {
    private final ChangeHistory history;
    private final Cached<ChangeLogView> status;

    ChangeLogBean(ChangeHistory history, Cached<ChangeLogView> status) {
        this.history = history;
        this.status = status;
    }

    @Override
    public String getProblem() {
        return status.get().problem();
    }

    @Override
    public long getRecords() {
        return status.get().records();
    }

    @Override
    public String getHeadHash() {
        return status.get().hash();
    }

    @Override
    public String getLastChange() {
        ChangeView last = status.get().last();
        if (last == null) {
            return "";
        }
        ChangeRow row = row(last);
        return Stream.of(row.getTime(), row.getWho(), row.getWhat(), values(row), row.getOutcome())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String values(ChangeRow row) {
        return row.getOldValue().isEmpty() && row.getNewValue().isEmpty()
                ? ""
                : "from " + row.getOldValue() + " to " + row.getNewValue();
    }

    @Override
    public List<String> verify() {
        return history.verify().problems();
    }

    @Override
    public List<ChangeRow> changes(long from, int count) {
        if (from < 0) {
            throw new IllegalArgumentException("from must be a sequence, or 0 for the newest changes, was " + from);
        }
        if (count < 1 || count > PageRequest.MOST) {
            throw new IllegalArgumentException(
                    "count must be a whole number from 1 to " + PageRequest.MOST + ", was " + count);
        }
        PageRequest page = new PageRequest(from == 0 ? null : Long.toString(from), count);
        return history.changes(ChangeFilter.ALL, page).items().stream()
                .map(ChangeLogBean::row)
                .toList();
    }

    private static ChangeRow row(ChangeView change) {
        return new ChangeRow(
                change.sequence(),
                change.time().toString(),
                change.actor() + " by " + change.door() + (change.address() == null ? "" : " from " + change.address()),
                words(change.kind(), change.type(), change.subject())
                        + (change.pool() == null ? "" : " of pool " + change.pool()),
                Objects.toString(change.oldValue(), ""),
                Objects.toString(change.newValue(), ""),
                words(change.outcome() + (change.message() == null ? "" : ":"), change.message(), null));
    }

    private static String words(String first, @Nullable String second, @Nullable String third) {
        return Stream.of(first, second, third).filter(Objects::nonNull).collect(Collectors.joining(" "));
    }
}
