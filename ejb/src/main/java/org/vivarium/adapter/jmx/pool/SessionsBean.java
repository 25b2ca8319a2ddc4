package org.vivarium.adapter.jmx.pool;

import java.util.List;
import java.util.Objects;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.api.management.SessionRow;
import org.vivarium.api.management.SessionsMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.page.PageRequest;

/** Shows the sessions of one pool: counts from one snapshot, rows on demand. */
public final class SessionsBean implements SessionsMXBean {
    private final PoolOperations operations;
    private final Cached<SessionTotals> totals;

    public SessionsBean(PoolOperations operations, Cached<SessionTotals> totals) {
        this.operations = operations;
        this.totals = totals;
    }

    @Override
    public int getSessions() {
        return totals.get().sessions();
    }

    @Override
    public int getBound() {
        return totals.get().bound();
    }

    @Override
    public int getWaiting() {
        return totals.get().waiting();
    }

    @Override
    public long getHits() {
        return totals.get().hits();
    }

    @Override
    public long getMisses() {
        return totals.get().misses();
    }

    @Override
    public long getRebinds() {
        return totals.get().rebinds();
    }

    @Override
    public long getExpired() {
        return totals.get().expired();
    }

    @Override
    public double getAffinityHitRate() {
        return totals.get().affinityHitRate();
    }

    @Override
    public long getRefused() {
        return totals.get().refused();
    }

    @Override
    public long getBudgetBytes() {
        return totals.get().budgetBytes();
    }

    @Override
    public long getStateBytes() {
        return totals.get().stateBytes();
    }

    @Override
    public int getLimit() {
        return totals.get().limit();
    }

    @Override
    public List<SessionRow> list() {
        return operations.sessions(PageRequest.LONGEST).items().stream()
                .map(SessionsBean::row)
                .toList();
    }

    @Override
    public void forget(String session) {
        operations.forgetSession(session, PoolBean.ACTOR);
        totals.forget();
    }

    private static SessionRow row(SessionView session) {
        return new SessionRow(
                session.id(),
                Objects.requireNonNullElse(session.worker(), ""),
                session.created().toString(),
                session.lastActivity().toString(),
                session.calls(),
                session.stateBytes(),
                session.waiting());
    }
}
