package org.vivarium.web.rest.openapi;

import static org.vivarium.api.ErrorType.BAD_PATH;
import static org.vivarium.api.ErrorType.BODY_NOT_READ;
import static org.vivarium.api.ErrorType.BODY_TOO_LARGE;
import static org.vivarium.api.ErrorType.CHANGE_NOT_RECORDED;
import static org.vivarium.api.ErrorType.FORBIDDEN;
import static org.vivarium.api.ErrorType.FOREIGN_SITE;
import static org.vivarium.api.ErrorType.INTERNAL_ERROR;
import static org.vivarium.api.ErrorType.INVALID_INPUT;
import static org.vivarium.api.ErrorType.INVALID_VALUE;
import static org.vivarium.api.ErrorType.MALFORMED_JSON;
import static org.vivarium.api.ErrorType.NOT_ACCEPTABLE;
import static org.vivarium.api.ErrorType.POOL_FAILED;
import static org.vivarium.api.ErrorType.TOO_MANY_LOGINS;
import static org.vivarium.api.ErrorType.UNAUTHORIZED;
import static org.vivarium.api.ErrorType.UNKNOWN_CALL;
import static org.vivarium.api.ErrorType.UNKNOWN_POOL;
import static org.vivarium.api.ErrorType.UNKNOWN_PROGRAM;
import static org.vivarium.api.ErrorType.UNKNOWN_SESSION;
import static org.vivarium.api.ErrorType.UNKNOWN_WORKER;
import static org.vivarium.api.ErrorType.UNSUPPORTED_MEDIA_TYPE;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vivarium.api.ErrorType;

/** The problems that an operation can answer with, by their statuses: what its path, its body and its user bring. */
final class ProblemResponses {
    private static final Map<String, Set<ErrorType>> OF_PATH = Map.of(
            "pool", Set.of(UNKNOWN_POOL, POOL_FAILED),
            "worker", Set.of(UNKNOWN_WORKER),
            "session", Set.of(UNKNOWN_SESSION),
            "call", Set.of(UNKNOWN_CALL),
            "program", Set.of(UNKNOWN_PROGRAM));

    private ProblemResponses() {}

    /** Returns a sentence for each status, which names the types that have it. */
    static Map<String, String> of(Method method) {
        return types(method).stream()
                .collect(Collectors.groupingBy(
                        type -> Integer.toString(type.status()),
                        TreeMap::new,
                        Collectors.mapping(type -> type.code() + ": " + type.description(), Collectors.joining(" "))));
    }

    private static Set<ErrorType> types(Method method) {
        ApiOperation described = method.getAnnotation(ApiOperation.class);
        Set<ErrorType> types = EnumSet.of(INTERNAL_ERROR, NOT_ACCEPTABLE, BAD_PATH);
        types.addAll(List.of(described.errors()));
        if (!described.open()) {
            types.addAll(List.of(UNAUTHORIZED, FORBIDDEN, TOO_MANY_LOGINS));
        }
        if (!method.isAnnotationPresent(GET.class)) {
            types.add(FOREIGN_SITE);
            if (!described.streams()) { // it changes something
                types.add(CHANGE_NOT_RECORDED);
            }
        }
        if (described.body() != Void.class) {
            types.addAll(List.of(
                    MALFORMED_JSON,
                    BODY_NOT_READ,
                    BODY_TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE,
                    INVALID_INPUT,
                    INVALID_VALUE));
        }
        if (described.streams()) { // a call of a program
            Arrays.stream(ErrorType.values()).filter(ErrorType::isOfCalls).forEach(types::add);
        }
        Arrays.stream(method.getParameters())
                .flatMap(ProblemResponses::ofParameter)
                .forEach(types::add);
        types.removeAll(List.of(described.never()));
        return types;
    }

    private static Stream<ErrorType> ofParameter(Parameter parameter) {
        if (parameter.isAnnotationPresent(QueryParam.class)) {
            return Stream.of(INVALID_VALUE);
        }
        PathParam path = parameter.getAnnotation(PathParam.class);
        return path == null ? Stream.empty() : OF_PATH.getOrDefault(path.value(), Set.of()).stream();
    }
}
