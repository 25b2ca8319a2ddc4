package org.vivarium.api.program;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.PythonPool;
import org.vivarium.api.PythonProgram;

/** What stands behind an interface whose methods are calls of programs. Thread safe. */
public final class ProgramProxy implements InvocationHandler, Serializable {
    private static final long serialVersionUID = 1;
    private static final Object[] NONE = {};

    private final Class<?> type;
    private final Pools pools;
    private final transient Map<Method, ProgramMethod> methods = new HashMap<>();
    private final transient Map<String, PythonPool> used = new HashMap<>();

    private ProgramProxy(Class<?> type, Pools pools) {
        this.type = type;
        this.pools = pools;
        for (Method method : type.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers())) {
                ProgramMethod call = ProgramMethod.of(type, method);
                methods.put(method, call);
                used.computeIfAbsent(call.pool(), pools::of);
            }
        }
    }

    /**
     * Returns an object whose methods call programs, as {@link PythonProgram} says.
     *
     * @throws IllegalArgumentException if {@code type} is no such interface, or one of its methods cannot be a call;
     *     the message says in one sentence what is wrong
     */
    public static <T> T of(Class<T> type, Pools pools) {
        PythonProgram said = type.getAnnotation(PythonProgram.class);
        if (!type.isInterface() || said == null) {
            throw new IllegalArgumentException(type.getName() + " is not an interface annotated with @PythonProgram");
        }
        if (!said.name().isEmpty()) {
            throw new IllegalArgumentException("@PythonProgram of " + type.getName()
                    + " has a name, which only one of a method can have: an interface has many programs");
        }
        ProgramProxy handler = new ProgramProxy(type, pools);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) throws Throwable {
        Object[] arguments = given == null ? NONE : given;
        ProgramMethod call = methods.get(method);
        if (call != null) {
            return call.call(Objects.requireNonNull(used.get(call.pool()), call.pool()), method, arguments);
        } else if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method.getName(), arguments);
        }
        return ofInterface(method).bindTo(proxy).invokeWithArguments(arguments);
    }

    /** Returns a default method, of an interface that need not be public. */
    private static MethodHandle ofInterface(Method method) throws IllegalAccessException {
        Class<?> declares = method.getDeclaringClass();
        return MethodHandles.privateLookupIn(declares, MethodHandles.lookup()).unreflectSpecial(method, declares);
    }

    private Object ofObject(Object proxy, String method, Object[] arguments) {
        return switch (method) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> type.getName() + " of " + used.keySet();
        };
    }

    private Object writeReplace() {
        return new Named(type, pools);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a program proxy cannot be serialized; send its interface");
    }

    /** What a passivated bean keeps. */
    private record Named(Class<?> type, Pools pools) implements Serializable {
        private Object readResolve() {
            return new ProgramProxy(type, pools);
        }
    }
}
