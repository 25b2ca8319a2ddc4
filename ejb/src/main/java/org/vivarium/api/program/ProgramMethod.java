package org.vivarium.api.program;

import java.lang.invoke.MethodType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.PythonPool;
import org.vivarium.api.PythonProgram;
import org.vivarium.api.PythonStream;

/**
 * One abstract method as a call of a program.
 *
 * @param result what the result, or each chunk, is read as
 */
record ProgramMethod(String pool, String program, Inputs inputs, Kind kind, Type result, boolean primitive) {

    /** In which way the result comes. */
    enum Kind {
        /** The caller waits for it. */
        WAIT,
        /** In a stage. */
        LATER,
        /** Chunk by chunk. */
        STREAM
    }

    /**
     * Reads a method.
     *
     * @throws IllegalArgumentException if it cannot be a call; the message says in one sentence what is wrong
     */
    static ProgramMethod of(Class<?> type, Method method) {
        try {
            return read(type, method);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "method " + method.getName() + " of " + type.getName() + " cannot call a program: "
                            + e.getMessage(),
                    e);
        }
    }

    private static ProgramMethod read(Class<?> type, Method method) {
        PythonProgram own = method.getAnnotation(PythonProgram.class);
        Kind kind = kind(method.getReturnType());
        Type said = kind == Kind.WAIT ? method.getGenericReturnType() : argument(method.getGenericReturnType());
        checkReadable(said);
        return new ProgramMethod(
                pool(own, type.getAnnotation(PythonProgram.class)),
                own == null || own.name().isEmpty() ? method.getName() : own.name(),
                Inputs.of(method.getParameters()),
                kind,
                boxed(said),
                said instanceof Class<?> plain && plain.isPrimitive() && plain != void.class);
    }

    private static String pool(@Nullable PythonProgram own, PythonProgram shared) {
        String pool = own == null || own.pool().isEmpty() ? shared.pool() : own.pool();
        return pool.isEmpty() ? "default" : pool;
    }

    private static Kind kind(Class<?> returned) {
        if (returned == CompletionStage.class || returned == CompletableFuture.class) {
            return Kind.LATER;
        }
        return returned == PythonStream.class ? Kind.STREAM : Kind.WAIT;
    }

    private static Type argument(Type returned) {
        if (returned instanceof ParameterizedType generic) {
            return generic.getActualTypeArguments()[0];
        }
        throw new IllegalArgumentException(
                "it returns " + returned.getTypeName() + " without saying of what, such as CompletionStage<Summary>");
    }

    private static void checkReadable(Type type) {
        if (type instanceof ParameterizedType generic) {
            checkReadable(generic.getRawType());
            Arrays.stream(generic.getActualTypeArguments()).forEach(ProgramMethod::checkReadable);
        } else if (type instanceof GenericArrayType array) {
            checkReadable(array.getGenericComponentType());
        } else if (!(type instanceof Class<?> plain) || isNoValue(plain)) {
            throw new IllegalArgumentException(
                    "it returns " + type.getTypeName()
                            + ", which no result can be read as; return a class of your own, a JDK value, a List or Map of these, or a CompletionStage or PythonStream of one");
        }
    }

    private static boolean isNoValue(Class<?> type) {
        return BaseStream.class.isAssignableFrom(type)
                || Iterator.class.isAssignableFrom(type)
                || Future.class.isAssignableFrom(type)
                || CompletionStage.class.isAssignableFrom(type)
                || Flow.Publisher.class.isAssignableFrom(type);
    }

    private static Type boxed(Type type) {
        if (type == void.class || type == Void.class) {
            return Object.class;
        }
        return type instanceof Class<?> plain
                ? MethodType.methodType(plain).wrap().returnType()
                : type;
    }

    /** Calls the program. */
    @Nullable Object call(PythonPool of, Method method, Object[] arguments) {
        Object given = inputs.inputs(arguments);
        CallOptions options = Inputs.options(arguments);
        return switch (kind) {
            case WAIT -> value(method, of.call(program, given, result, options));
            case LATER -> of.callAsync(program, given, result, options);
            case STREAM -> of.stream(program, given, result, options);
        };
    }

    private @Nullable Object value(Method method, @Nullable Object answer) {
        if (answer == null && primitive) {
            throw ErrorType.RESULT_MISMATCH.exception(
                    ErrorContext.of(pool, program),
                    "the result of program " + program + " of pool " + pool + " cannot be read as "
                            + method.getReturnType() + ": null");
        }
        return method.getReturnType() == void.class ? null : answer;
    }
}
