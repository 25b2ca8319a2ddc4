package org.vivarium.adapter.jmx.pool;

import java.util.List;
import java.util.Objects;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.api.management.CallRow;
import org.vivarium.api.management.CallsMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.PoolNow;
import org.vivarium.api.view.page.PageRequest;

/** Shows the calls of one pool that wait or run: counts from one picture, rows on demand; cancels them. */
public final class CallsBean implements CallsMXBean {
    private final PoolOperations operations;
    private final Cached<PoolPicture> picture;
    private final JmxCaller caller;

    public CallsBean(PoolOperations operations, Cached<PoolPicture> picture, JmxCaller caller) {
        this.operations = operations;
        this.picture = picture;
        this.caller = caller;
    }

    private PoolNow now() {
        return picture.get().minute().now();
    }

    @Override
    public int getWaiting() {
        return now().status().waiting();
    }

    @Override
    public double getOldestWaitMillis() {
        return now().status().oldestWaitMillis();
    }

    @Override
    public int getRunning() {
        return now().running();
    }

    @Override
    public double getOldestCallMillis() {
        return now().oldestCallMillis();
    }

    @Override
    public int getRunningKeys() {
        return now().keys();
    }

    @Override
    public List<CallRow> list() {
        return operations.calls(PageRequest.LONGEST).items().stream()
                .map(CallsBean::row)
                .toList();
    }

    @Override
    public void cancel(String call) {
        operations.cancel(call, caller.actor());
        picture.forget();
    }

    private static CallRow row(CallView call) {
        return new CallRow(
                call.id(),
                call.state(),
                call.program(),
                call.worker(),
                Objects.requireNonNullElse(call.session(), ""),
                Objects.requireNonNullElse(call.key(), ""),
                Objects.requireNonNullElse(call.correlationId(), ""),
                call.totalMillis(),
                call.runningMillis(),
                call.remainingMillis(),
                call.progress());
    }
}
