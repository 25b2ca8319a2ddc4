package org.vivarium.web.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;
import org.vivarium.web.rest.exchange.FailureMapper;
import org.vivarium.web.rest.metrics.ErrorsResource;
import org.vivarium.web.rest.metrics.MetricsResource;
import org.vivarium.web.rest.metrics.ObjectivesResource;
import org.vivarium.web.rest.metrics.ResourcesResource;
import org.vivarium.web.rest.metrics.ScrapeResource;
import org.vivarium.web.rest.metrics.SummaryResource;

/** All that is served below {@code /vivarium/api}. */
@ApplicationPath("/api")
public class RestApplication extends Application {
    /** The resources, which the OpenAPI document is derived from. */
    static final Set<Class<?>> RESOURCES = Set.of(
            PoolsResource.class,
            ProgramsResource.class,
            WorkersResource.class,
            SessionsResource.class,
            CallsResource.class,
            ParametersResource.class,
            MetricsResource.class,
            ErrorsResource.class,
            SummaryResource.class,
            ObjectivesResource.class,
            ScrapeResource.class,
            ResourcesResource.class,
            HealthResource.class,
            OpenApiResource.class);

    private static final Set<Class<?>> CLASSES = Set.of(
            PoolsResource.class,
            ProgramsResource.class,
            WorkersResource.class,
            SessionsResource.class,
            CallsResource.class,
            ParametersResource.class,
            MetricsResource.class,
            ErrorsResource.class,
            SummaryResource.class,
            ObjectivesResource.class,
            ScrapeResource.class,
            ResourcesResource.class,
            HealthResource.class,
            OpenApiResource.class,
            FailureMapper.class);

    @Override
    public Set<Class<?>> getClasses() {
        return CLASSES;
    }
}
