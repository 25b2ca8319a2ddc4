package org.vivarium.core.runtime;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.vivarium.api.Actor;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.memory.MemoryBudgets;
import org.vivarium.api.operation.ChangeHistory;
import org.vivarium.api.operation.MetricsFormat;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.HealthView;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.StoredHistoryView;
import org.vivarium.api.view.monitor.SelfView;
import org.vivarium.api.view.resources.ResourcesView;
import org.vivarium.api.view.settings.HttpLimits;
import org.vivarium.api.view.settings.LoginLimits;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.api.view.settings.ReloadView;
import org.vivarium.core.changes.ChangeLog;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.history.HistoryWriter;
import org.vivarium.core.metrics.exposition.MetricFamilies;
import org.vivarium.core.metrics.exposition.PoolFamilies;
import org.vivarium.core.metrics.exposition.ServiceFamilies;
import org.vivarium.core.resource.ResourceFamilies;

/** The service as a whole, with a handle for each pool. Thread safe. */
public final class Operations implements ServiceOperations {
    private final VivariumRuntime runtime;
    private final Instant started = Instant.now();

    /** By name, sorted. */
    private final Map<String, PoolHandle> pools = new TreeMap<>();

    public Operations(VivariumRuntime runtime) {
        this.runtime = runtime;
        runtime.pools().keySet().forEach(name -> pools.put(name, PoolHandle.of(runtime, name, started)));
        runtime.configuration()
                .brokenPools()
                .forEach((name, problem) -> pools.put(name, PoolHandle.failed(runtime, name, problem, started)));
    }

    @Override
    public List<PoolView> pools() {
        List<PoolView> views = new ArrayList<>(pools.size());
        pools.values().forEach(pool -> views.add(pool.view()));
        return views;
    }

    @Override
    public PoolOperations pool(String pool) {
        PoolHandle handle = pools.get(pool);
        if (handle == null) {
            throw ErrorType.UNKNOWN_POOL.exception(
                    ErrorContext.of(pool),
                    "there is no pool '%s'; there are: %s".formatted(pool, String.join(", ", pools.keySet())));
        }
        return handle;
    }

    @Override
    public byte[] metrics(MetricsFormat format) {
        MetricFamilies families = new MetricFamilies();
        List<ServiceFamilies.Status> states =
                pools.values().stream().map(PoolHandle::status).toList();
        ServiceFamilies.add(
                new ServiceFamilies.Service(
                        BuildVersion.get(),
                        started,
                        runtime.service().current().integer(ServiceParameter.METRIC_PROGRAMS)),
                states,
                families);
        PoolFamilies.add(runtime.metrics(), families);
        ResourceFamilies.add(runtime.resources().view(), families);
        return families.write(format);
    }

    @Override
    public ResourcesView resources() {
        return runtime.resources().view();
    }

    @Override
    public List<ParameterView> configuration() {
        return runtime.service().view();
    }

    @Override
    public List<ParameterChange> configure(Map<String, ?> changes, Actor actor) {
        return runtime.service().change(changes, actor);
    }

    @Override
    public List<ParameterChange> saveConfiguration(Collection<String> attributes, Actor actor) {
        return runtime.service().save(attributes, actor);
    }

    @Override
    public List<ParameterChange> revertConfiguration(Collection<String> attributes, Actor actor) {
        return runtime.service().revert(attributes, actor);
    }

    @Override
    public HttpLimits httpLimits() {
        return runtime.service().current().http();
    }

    @Override
    public LoginLimits loginLimits() {
        return runtime.service().current().logins();
    }

    @Override
    public Executor executor() {
        return runtime.executor();
    }

    @Override
    public MemoryBudgets memory() {
        return runtime.memory();
    }

    @Override
    public ReloadView reload(Actor actor) {
        return runtime.reload().reload(actor);
    }

    @Override
    public String configurationProblem() {
        return runtime.reload().problem();
    }

    @Override
    public SelfView self() {
        return runtime.monitor().view();
    }

    @Override
    public StoredHistoryView storedHistory() {
        return HistoryWriter.statusOf(runtime.history());
    }

    @Override
    public ChangeHistory changes() {
        return runtime.changes() instanceof ChangeLog log ? new ChangeReader(log) : ChangeReader.NONE;
    }

    @Override
    public HealthView health() {
        Map<String, String> down = new LinkedHashMap<>();
        for (PoolHandle pool : pools.values()) {
            PoolView view = pool.view();
            if (view.ready() == 0 && !(pool.isLazy() && view.problem() == null)) {
                down.put(view.name(), view.state());
            }
        }
        return new HealthView(down);
    }
}
