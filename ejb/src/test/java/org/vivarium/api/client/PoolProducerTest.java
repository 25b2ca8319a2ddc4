package org.vivarium.api.client;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.inject.spi.Annotated;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.InjectionPoint;
import java.lang.annotation.Annotation;
import java.lang.reflect.Member;
import java.lang.reflect.Type;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vivarium.api.PoolName;
import org.vivarium.api.PythonPool;

class PoolProducerTest {
    @PoolName("models")
    private static final class Models {}

    @PoolName
    private static final class Standard {}

    @Test
    void the_injection_point_names_the_pool() {
        assertThat(new PoolProducer()
                        .pool(new At(Models.class.getAnnotation(PoolName.class)))
                        .name())
                .isEqualTo("models");
        assertThat(new PoolProducer()
                        .pool(new At(Standard.class.getAnnotation(PoolName.class)))
                        .name())
                .isEqualTo("default");
    }

    private record At(PoolName name) implements InjectionPoint {
        @Override
        public Type getType() {
            return PythonPool.class;
        }

        @Override
        public Set<Annotation> getQualifiers() {
            return Set.of(name);
        }

        @Override
        public Bean<?> getBean() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Member getMember() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Annotated getAnnotated() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isDelegate() {
            return false;
        }

        @Override
        public boolean isTransient() {
            return false;
        }
    }
}
