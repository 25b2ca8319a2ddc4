package org.vivarium.adapter.jmx.mbean;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.management.MayBeMissing;

/**
 * Stands between a JMX thread and a bean of ours: gives the thread our class loader, which it lacks, and lets only
 * exceptions of the JDK out, which a client can read without a jar of ours.
 */
public final class SafeCalls implements InvocationHandler {
    private final Object bean;

    private SafeCalls(Object bean) {
        this.bean = bean;
    }

    /** Returns {@code bean} behind the protection. */
    public static <T> T around(T bean, Class<T> contract) {
        return contract.cast(
                Proxy.newProxyInstance(contract.getClassLoader(), new Class<?>[] {contract}, new SafeCalls(bean)));
    }

    /** Carries out a change that does not come through {@link #around}, and lets only exceptions of the JDK out. */
    public static void run(Runnable change) {
        get(() -> {
            change.run();
            return true;
        });
    }

    /** Returns what {@code change} returns, likewise. */
    public static <T> T get(Supplier<T> change) {
        try {
            return change.get();
        } catch (RuntimeException e) {
            throw readable(e);
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        refuseNothing(method, arguments);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(SafeCalls.class.getClassLoader());
        try {
            return method.invoke(bean, arguments);
        } catch (InvocationTargetException e) {
            Throwable cause = requireNonNull(e.getCause());
            throw cause instanceof RuntimeException failure ? readable(failure) : cause;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void refuseNothing(Method method, Object @Nullable [] arguments) {
        Parameter[] parameters = method.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            boolean optional = parameters[i].isAnnotationPresent(MayBeMissing.class);
            if (!optional && requireNonNull(arguments)[i] == null) {
                throw new IllegalArgumentException(
                        method.getName() + " needs " + parameters[i].getName() + ", which was null");
            }
        }
    }

    /**
     * Returns an exception of the JDK with the same message and stack; its cause, which may be of any class, stays
     * behind.
     */
    private static RuntimeException readable(RuntimeException thrown) {
        boolean refused = thrown instanceof InvalidCallException || thrown instanceof IllegalArgumentException;
        String message = requireNonNullElse(
                thrown.getMessage(), "failed with a " + thrown.getClass().getName());
        RuntimeException readable =
                refused ? new IllegalArgumentException(message) : new IllegalStateException(message);
        readable.setStackTrace(thrown.getStackTrace());
        return readable;
    }
}
