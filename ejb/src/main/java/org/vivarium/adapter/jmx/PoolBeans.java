package org.vivarium.adapter.jmx;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntSupplier;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.DescribedMBean;
import org.vivarium.adapter.jmx.mbean.DescribedMBean.Parts;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.adapter.jmx.mbean.MBeanRegistry;
import org.vivarium.adapter.jmx.mbean.Measured;
import org.vivarium.adapter.jmx.mbean.Pictures;
import org.vivarium.adapter.jmx.notification.PoolNotifier;
import org.vivarium.adapter.jmx.pool.BreakerBean;
import org.vivarium.adapter.jmx.pool.CallsBean;
import org.vivarium.adapter.jmx.pool.IsolationBean;
import org.vivarium.adapter.jmx.pool.LatencyBean;
import org.vivarium.adapter.jmx.pool.ObjectivesBean;
import org.vivarium.adapter.jmx.pool.ObjectivesMBean;
import org.vivarium.adapter.jmx.pool.PoolBean;
import org.vivarium.adapter.jmx.pool.PoolPicture;
import org.vivarium.adapter.jmx.pool.SessionsBean;
import org.vivarium.adapter.jmx.pool.WorkerBean;
import org.vivarium.adapter.jmx.pool.WorkersBean;
import org.vivarium.adapter.jmx.settings.ParameterMBean;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.event.ProgramsChanged;
import org.vivarium.api.event.WorkerTransitioned;
import org.vivarium.api.management.BreakerMXBean;
import org.vivarium.api.management.CallsMXBean;
import org.vivarium.api.management.IsolationMXBean;
import org.vivarium.api.management.LatencyMXBean;
import org.vivarium.api.management.PoolMXBean;
import org.vivarium.api.management.SessionsMXBean;
import org.vivarium.api.management.WorkerMXBean;
import org.vivarium.api.management.WorkersMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.BreakerView;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.metrics.exposition.Attribute;

/**
 * The beans of one pool, which all read one picture of it; of one that cannot start, {@code type=Pool} alone. Thread
 * safe.
 */
final class PoolBeans {
    private static final Measured<?> DESCRIPTIONS = Measured.descriptions(Attribute.ofPool());

    private final PoolOperations pool;
    private final MBeanRegistry registry;
    private final JmxCaller caller;
    private final PoolNotifier notifier;
    private final IntSupplier mostPrograms;
    private final @Nullable Serving serving;
    private final Set<String> programs = new HashSet<>(); // guarded by itself

    /** What there is of a pool that can serve. */
    private record Serving(Cached<PoolPicture> picture, Parts parts, WorkerBeans workers) {}

    /** Registers {@code type=Pool} of a pool that cannot start. */
    PoolBeans(PoolOperations pool, MBeanRegistry registry, JmxCaller caller) {
        this.pool = pool;
        this.registry = registry;
        this.caller = caller;
        this.notifier = PoolNotifier.ofPool(MBeanRegistry.name(keys("type=Pool")));
        this.mostPrograms = () -> 0;
        this.serving = null;
        PoolBean bean = new PoolBean(pool, pool::view, () -> {}, caller);
        registry.register(
                new DescribedMBean(
                        bean, PoolMXBean.class, Parts.NONE.notifying(notifier).with(DESCRIPTIONS)),
                keys("type=Pool"));
    }

    /**
     * Registers the beans of a pool that can serve, but those of its programs and workers: see {@link #refresh}.
     *
     * @param mostPrograms how many programs have numbers of their own
     */
    PoolBeans(
            PoolOperations pool,
            MBeanRegistry registry,
            JmxCaller caller,
            Pictures pictures,
            IntSupplier mostPrograms) {
        this.mostPrograms = mostPrograms;
        this.pool = pool;
        this.registry = registry;
        this.caller = caller;
        this.notifier = PoolNotifier.ofPool(MBeanRegistry.name(keys("type=Pool")));
        Cached<PoolPicture> picture = PoolPicture.of(pool, pictures, InstantSource.system());
        Parts parts = Parts.of(picture);
        this.serving = new Serving(
                picture,
                parts,
                new WorkerBeans(pool::workers, worker -> register(worker, picture, parts), this::unregister));
        PoolBean bean = new PoolBean(pool, () -> picture.get().view(), picture::forget, caller);
        Measured<?> numbers =
                new Measured<>(Attribute.ofPool(), () -> picture.get().minute());
        register(
                "Pool",
                new DescribedMBean(
                        bean,
                        PoolMXBean.class,
                        parts.notifying(notifier).with(numbers).snapshot()));
        CallsBean calls = new CallsBean(pool, picture, caller);
        register("Calls", new DescribedMBean(calls, CallsMXBean.class, parts.with(DESCRIPTIONS)));
        WorkersBean workers = new WorkersBean(pool, picture, caller);
        register("Workers", new DescribedMBean(workers, WorkersMXBean.class, parts));
        SessionsBean sessions = new SessionsBean(pool, picture, caller);
        register("Sessions", new DescribedMBean(sessions, SessionsMXBean.class, parts));
        IsolationBean isolation = new IsolationBean(pool, picture, caller);
        register("Isolation", new DescribedMBean(isolation, IsolationMXBean.class, parts));
    }

    /** Registers what can be changed of it. */
    void register(ParameterStore store) {
        register(
                "PoolConfig",
                new ParameterMBean<>(store, "Parameters of one pool, which can be changed while it runs.", caller));
    }

    /** Registers the objectives and what can be changed of them. */
    void register(ObjectiveStore store) {
        if (serving != null) {
            register(
                    "Objectives",
                    new ObjectivesMBean(new ObjectivesBean(serving.picture, store, caller), store, caller));
        }
    }

    private void register(String type, Object bean) {
        registry.register(bean, keys("type=" + type));
    }

    private String keys(String type) {
        return type + ",pool=" + pool.name();
    }

    /**
     * Registers the beans of programs and workers that there are now, and unregisters those of workers that are not.
     */
    void refresh() {
        if (serving != null) {
            pool.breakers().stream().map(BreakerView::program).forEach(program -> register(program, serving));
            serving.workers.follow();
        }
    }

    /** Turns an event of the pool into a notification, and follows programs and workers. */
    void report(Instant time, PoolEvent event) {
        if (serving != null && event instanceof ProgramsChanged changed) {
            changed.programs().forEach(program -> register(program, serving));
        } else if (serving != null && event instanceof WorkerTransitioned) {
            serving.workers.follow();
        }
        notifier.tell(time, event);
    }

    /**
     * Registers the breaker of a program and, if it is among the first, its numbers: the others are counted together.
     */
    private void register(String program, Serving its) {
        synchronized (programs) {
            if (!programs.add(program)) {
                return;
            }
            its.picture.forget(); // one of before does not have it
            String key = ",program=" + (program.matches("[\\w.$-]+") ? program : ObjectName.quote(program));
            BreakerBean breaker = new BreakerBean(program, pool, its.picture, caller);
            registry.register(new DescribedMBean(breaker, BreakerMXBean.class, its.parts), keys("type=Breaker") + key);
            if (programs.size() <= mostPrograms.getAsInt()) {
                LatencyBean latency = new LatencyBean(program, pool, its.picture);
                registry.register(
                        new DescribedMBean(latency, LatencyMXBean.class, its.parts.with(latency.measured())),
                        keys("type=Latency") + key);
            }
        }
    }

    private void register(String worker, Cached<PoolPicture> picture, Parts parts) {
        picture.forget(); // one of before does not have it
        WorkerBean bean = new WorkerBean(worker, pool, picture, caller);
        registry.register(
                new DescribedMBean(bean, WorkerMXBean.class, parts.with(bean.measured())),
                keys("type=Worker") + ",worker=" + worker);
    }

    private void unregister(String worker) {
        registry.unregister(keys("type=Worker") + ",worker=" + worker);
    }
}
