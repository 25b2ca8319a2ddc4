package org.vivarium.adapter.jmx.pool;

import java.util.List;
import org.vivarium.api.management.IsolationMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.IsolationView;

/** Shows the isolated programs of one pool, and releases them. */
public final class IsolationBean implements IsolationMXBean {
    private final PoolOperations operations;

    public IsolationBean(PoolOperations operations) {
        this.operations = operations;
    }

    private List<IsolationView> isolated() {
        return operations.isolation();
    }

    @Override
    public int getCount() {
        return isolated().size();
    }

    @Override
    public String[] getPrograms() {
        return isolated().stream().map(IsolationView::program).toArray(String[]::new);
    }

    @Override
    public int getWaiting() {
        return isolated().stream().mapToInt(IsolationView::waiting).max().orElse(0);
    }

    @Override
    public String[] getDetails() {
        return isolated().stream()
                .map(each -> "%s since %s: %d workers killed, the last at %s"
                        .formatted(each.program(), each.since(), each.kills(), each.lastKill()))
                .toArray(String[]::new);
    }

    @Override
    public void release(String program) {
        operations.releaseProgram(program, PoolBean.ACTOR);
    }
}
