package org.vivarium.adapter.jmx.pool;

import java.util.List;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.api.management.IsolationMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.IsolationView;

/** Shows the isolated programs of one pool, and releases them. */
public final class IsolationBean implements IsolationMXBean {
    private final PoolOperations operations;
    private final Cached<PoolPicture> picture;
    private final JmxCaller caller;

    public IsolationBean(PoolOperations operations, Cached<PoolPicture> picture, JmxCaller caller) {
        this.operations = operations;
        this.picture = picture;
        this.caller = caller;
    }

    private List<IsolationView> isolated() {
        return picture.get().isolation();
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
        operations.releaseProgram(program, caller.actor());
        picture.forget();
    }
}
