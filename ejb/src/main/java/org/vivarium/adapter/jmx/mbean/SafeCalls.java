package org.vivarium.adapter.jmx.mbean;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.InvalidCallException;

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

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(SafeCalls.class.getClassLoader());
        try {
            return method.invoke(bean, arguments);
        } catch (InvocationTargetException e) {
            throw readable(e.getCause());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /**
     * Returns an exception of the JDK with the same message and stack; its cause, which may be of any class, stays
     * behind.
     */
    private static Throwable readable(@Nullable Throwable thrown) {
        if (!(thrown instanceof RuntimeException)) {
            return thrown == null ? new IllegalStateException("failed without a cause") : thrown;
        }
        boolean refused = thrown instanceof InvalidCallException || thrown instanceof IllegalArgumentException;
        RuntimeException readable = refused
                ? new IllegalArgumentException(thrown.getMessage())
                : new IllegalStateException(thrown.getMessage());
        readable.setStackTrace(thrown.getStackTrace());
        return readable;
    }
}
