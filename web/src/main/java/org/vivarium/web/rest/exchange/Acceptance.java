package org.vivarium.web.rest.exchange;

import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.vivarium.api.ErrorType;
import org.vivarium.api.operation.MetricsFormat;
import org.vivarium.web.json.Problem;

/** Chooses what a client accepts. */
public final class Acceptance {
    private static final String VERSION = "version";
    private static final String QUALITY = "q";

    private Acceptance() {}

    /**
     * Returns the format of metrics that the first of {@code accepted} means which means any; a type without a version
     * means ours, and a wildcard that of Prometheus. Fails with status 406 if none does.
     *
     * @param accepted the most wanted first, as JAX-RS gives them
     */
    public static MetricsFormat metrics(List<MediaType> accepted) {
        for (MediaType type : accepted) {
            for (MetricsFormat format : MetricsFormat.values()) {
                if (means(type, format)) {
                    return format;
                }
            }
        }
        String types = Arrays.stream(MetricsFormat.values())
                .map(MetricsFormat::mediaType)
                .collect(Collectors.joining(" or "));
        throw new ProblemException(Problem.of(
                ErrorType.NOT_ACCEPTABLE, "the response is " + types + ", which the Accept header excludes"));
    }

    private static boolean means(MediaType accepted, MetricsFormat offered) {
        String version = accepted.getParameters().get(VERSION);
        String quality = accepted.getParameters().getOrDefault(QUALITY, "1");
        String[] type = offered.type().split("/", 2);
        return accepted.isCompatible(new MediaType(type[0], type[1]))
                && (version == null || version.equals(offered.version()))
                && !quality.matches("0(\\.0*)?");
    }
}
