package org.vivarium.adapter.jmx.pool;

import java.util.List;
import java.util.Objects;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.api.management.SessionRow;
import org.vivarium.api.management.SessionsMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.page.PageRequest;

/** Shows the sessions of one pool: counts from one snapshot, rows on demand. */
public final class SessionsBean implements SessionsMXBean {
    private final PoolOperations operations;
    private final Cached<PoolPicture> picture;
    private final JmxCaller caller;

    public SessionsBean(PoolOperations operations, Cached<PoolPicture> picture, JmxCaller caller) {
        this.operations = operations;
        this.picture = picture;
        this.caller = caller;
    }

    private SessionTotals totals() {
        return picture.get().sessions();
    }

    @Override
    public int getSessions() {
        return totals().sessions();
    }

    @Override
    public int getBound() {
        return totals().bound();
    }

    @Override
    public int getWaiting() {
        return totals().waiting();
    }

    @Override
    public long getHits() {
        return totals().hits();
    }

    @Override
    public long getMisses() {
        return totals().misses();
    }

    @Override
    public long getRebinds() {
        return totals().rebinds();
    }

    @Override
    public long getExpired() {
        return totals().expired();
    }

    @Override
    public double getAffinityHitRate() {
        return totals().affinityHitRate();
    }

    @Override
    public long getRefused() {
        return totals().refused();
    }

    @Override
    public long getBudgetBytes() {
        return totals().budgetBytes();
    }

    @Override
    public long getStateBytes() {
        return totals().stateBytes();
    }

    @Override
    public int getLimit() {
        return totals().limit();
    }

    @Override
    public List<SessionRow> list() {
        return operations.sessions(PageRequest.LONGEST).items().stream()
                .map(SessionsBean::row)
                .toList();
    }

    @Override
    public void forget(String session) {
        operations.forgetSession(session, caller.actor());
        picture.forget();
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
