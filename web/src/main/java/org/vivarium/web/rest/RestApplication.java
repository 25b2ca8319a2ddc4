package org.vivarium.web.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vivarium.web.rest.changes.ChangesResource;
import org.vivarium.web.rest.config.ParametersResource;
import org.vivarium.web.rest.config.ReloadResource;
import org.vivarium.web.rest.config.ServiceConfigResource;
import org.vivarium.web.rest.exchange.FailureMapper;
import org.vivarium.web.rest.metrics.ErrorsResource;
import org.vivarium.web.rest.metrics.MetricsResource;
import org.vivarium.web.rest.metrics.ObjectivesResource;
import org.vivarium.web.rest.metrics.ResourcesResource;
import org.vivarium.web.rest.metrics.ScrapeResource;
import org.vivarium.web.rest.metrics.SelfResource;
import org.vivarium.web.rest.metrics.SummaryResource;

/** All that is served below {@code /vivarium/api}. */
@ApplicationPath("/api")
public class RestApplication extends Application {
    /** The resources: a new one is entered here, and the OpenAPI document has it as well. */
    static final Set<Class<?>> RESOURCES = Set.of(
            PoolsResource.class,
            ProgramsResource.class,
            WorkersResource.class,
            SessionsResource.class,
            CallsResource.class,
            IsolationResource.class,
            BreakersResource.class,
            ParametersResource.class,
            ServiceConfigResource.class,
            ReloadResource.class,
            MetricsResource.class,
            ErrorsResource.class,
            SummaryResource.class,
            ObjectivesResource.class,
            ScrapeResource.class,
            ResourcesResource.class,
            ChangesResource.class,
            SelfResource.class,
            HealthResource.class,
            MeResource.class,
            OpenApiResource.class);

    /** What the OpenAPI document describes: the resources, and what is served past JAX-RS. */
    static final Set<Class<?>> DESCRIBED = Stream.concat(RESOURCES.stream(), Stream.of(ProgramsResource.Calls.class))
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<Class<?>> CLASSES =
            Stream.concat(RESOURCES.stream(), Stream.of(FailureMapper.class)).collect(Collectors.toUnmodifiableSet());

    @Override
    public Set<Class<?>> getClasses() {
        return CLASSES;
    }
}
