package org.vivarium.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.spi.InitialContextFactory;
import org.vivarium.adapter.boot.BridgeFunction;
import org.vivarium.api.PythonPool;
import org.vivarium.api.client.Bridge;
import org.vivarium.api.client.PythonPools;
import org.vivarium.core.config.ConfigurationReader;
import org.vivarium.core.config.ConfigurationSources;
import org.vivarium.core.runtime.Operations;
import org.vivarium.core.runtime.VivariumRuntime;

/** The service without a server: the same core, bridge and client, all on: JSON-B, telemetry, metrics. */
final class Service implements AutoCloseable {
    private static BridgeFunction bridge;

    private final VivariumRuntime runtime;

    Service(Path runs, int workers) throws IOException {
        String text = "vivarium.pools.default { workers { minimum = " + workers + ", maximum = 64 }, python {"
                + " path = [${vivarium.python.examples}], programs = [vivarium_examples] } }";
        try (InputStream python = Service.class.getResourceAsStream("/META-INF/vivarium/python.zip")) {
            runtime = VivariumRuntime.start(
                    runs,
                    python,
                    examples -> new ConfigurationReader(
                                    new ConfigurationSources(text, Optional.empty(), Map.of(), Map.of(), examples))
                            .read(),
                    task -> {
                        Thread thread = new Thread(task);
                        thread.setDaemon(true);
                        return thread;
                    });
        }
        bridge = new BridgeFunction(new Operations(runtime));
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, OneBinding.class.getName());
        long end = System.nanoTime() + 20_000_000_000L;
        while (runtime.pools().get("default").view().ready() < workers) {
            if (System.nanoTime() > end) {
                throw new IOException("the pool did not start: "
                        + runtime.pools().get("default").view());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    VivariumRuntime runtime() {
        return runtime;
    }

    PythonPool pool() {
        return PythonPools.of("default");
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
