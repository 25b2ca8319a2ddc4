package org.vivarium.api.client;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.InjectionPoint;
import org.vivarium.api.PoolName;
import org.vivarium.api.PythonPool;

/** Makes {@code @Inject @PoolName("default") PythonPool} work in every application that has this jar. */
@ApplicationScoped
public class PoolProducer {

    /** Returns the pool that the injection point names. */
    @Produces
    @Dependent
    @PoolName
    public PythonPool pool(InjectionPoint at) {
        return PythonPools.of(at.getQualifiers().stream()
                .filter(PoolName.class::isInstance)
                .map(qualifier -> ((PoolName) qualifier).value())
                .findFirst()
                .orElse("default"));
    }
}
