package org.vivarium.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.spi.InitialContextFactory;
import org.vivarium.adapter.boot.BridgeFunction;
import org.vivarium.api.PythonPool;
import org.vivarium.api.client.PythonPools;
import org.vivarium.api.client.bridge.Bridge;
import org.vivarium.api.view.PoolView;
import org.vivarium.core.config.ConfigurationReader;
import org.vivarium.core.config.ConfigurationSources;
import org.vivarium.core.pool.SupervisedPool;
import org.vivarium.core.runtime.Operations;
import org.vivarium.core.runtime.VivariumRuntime;

/** The service without a server: the same core, bridge and client, all on: JSON-B, telemetry, metrics. */
final class Service implements AutoCloseable {
    private static BridgeFunction bridge;

    private final VivariumRuntime runtime;

    Service(Path runs, int workers) throws IOException {
        this(
                runs,
                "vivarium.pools.default { workers { minimum = " + workers + ", maximum = 64 }, python {"
                        + " path = [${vivarium.python.examples}], programs = [vivarium_examples] } }");
    }

    /** Starts the pools of a configuration and waits until each has its minimum of workers, unless it is lazy. */
    Service(Path runs, String text) throws IOException {
        try (InputStream python = Service.class.getResourceAsStream("/META-INF/vivarium/python.zip")) {
            runtime = VivariumRuntime.start(
                    runs,
                    python,
                    examples -> new ConfigurationReader(
                                    new ConfigurationSources(text, Optional.empty(), Map.of(), Map.of(), examples))
                            .read(),
                    Service::daemon);
        }
        bind(runtime);
        for (SupervisedPool pool : runtime.pools().values()) {
            Load.await(
                    "the start of pool " + pool.name(),
                    () -> isUp(pool.control().view()));
        }
    }

    /** Makes a service the one that {@link PythonPools} finds, as a server does by JNDI. */
    private static void bind(VivariumRuntime runtime) {
        bridge = new BridgeFunction(new Operations(runtime));
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, OneBinding.class.getName());
    }

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private static boolean isUp(PoolView pool) {
        return pool.state().equals("IDLE") || pool.ready() >= pool.minimum();
    }

    VivariumRuntime runtime() {
        return runtime;
    }

    PythonPool pool() {
        return pool("default");
    }

    PythonPool pool(String name) {
        return PythonPools.of(name);
    }

    @Override
    public void close() {
        runtime.close();
    }

    /** A naming context with the one name that the client looks up. */
    public static final class OneBinding implements InitialContextFactory {
        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) {
            return (Context) java.lang.reflect.Proxy.newProxyInstance(
                    OneBinding.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("lookup") && Bridge.JNDI_NAME.equals(arguments[0])) {
                            return bridge;
                        }
                        throw new NameNotFoundException(String.valueOf(arguments[0]));
                    });
        }
    }
}
