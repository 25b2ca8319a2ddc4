package org.vivarium.web.rest.exchange;

import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which resource has which path, by the annotations of JAX-RS. */
public final class ResourcePaths {
    private static final String SEGMENT = "[^/]+";

    private ResourcePaths() {}

    /** Returns the path of {@code method} below the application, with {@code {name}} for its parameters. */
    public static String template(Method method) {
        String below = method.isAnnotationPresent(Path.class)
                ? '/' + method.getAnnotation(Path.class).value()
                : "";
        return method.getDeclaringClass().getAnnotation(Path.class).value() + below;
    }

    /** Returns the media types that {@code resources} produce at {@code path}, by whichever method of HTTP. */
    static SortedSet<String> mediaTypes(Collection<Class<?>> resources, String path) {
        return resources.stream()
                .filter(resource -> resource.isAnnotationPresent(Path.class))
                .flatMap(resource -> Arrays.stream(resource.getDeclaredMethods()))
                .filter(method -> path.matches(template(method).replaceAll("\\{[^}]*}", SEGMENT)))
                .flatMap(ResourcePaths::produced)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> produced(Method method) {
        return Optional.ofNullable(method.getAnnotation(Produces.class))
                .or(() -> Optional.ofNullable(method.getDeclaringClass().getAnnotation(Produces.class)))
                .stream()
                .flatMap(produces -> Arrays.stream(produces.value()));
    }
}
