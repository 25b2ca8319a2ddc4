package org.vivarium.api.client;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.DefinitionException;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.ProcessInjectionPoint;
import jakarta.enterprise.inject.spi.WithAnnotations;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.Set;
import org.vivarium.api.PythonProgram;

/**
 * Makes interfaces annotated with {@link PythonProgram} injectable in every application that has this jar: those that
 * the container discovers, and those that somebody asks for, wherever they were packed.
 */
public class ProgramExtension implements Extension {
    private final Set<Class<?>> found = new LinkedHashSet<>();

    /** Adds the producer of pools: a jar with an extension is no archive of beans by itself. */
    void begin(@Observes BeforeBeanDiscovery event) {
        event.addAnnotatedType(PoolProducer.class, PoolProducer.class.getName());
    }

    /** Notes an interface of the application. */
    <T> void discovered(@Observes @WithAnnotations(PythonProgram.class) ProcessAnnotatedType<T> event) {
        note(event.getAnnotatedType().getJavaClass());
    }

    /** Notes what is asked for, directly or through {@code Instance}. */
    <B, T> void asked(@Observes ProcessInjectionPoint<B, T> event) {
        Type wanted = event.getInjectionPoint().getType();
        if (wanted instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                note(argument);
            }
        }
        note(wanted);
    }

    private void note(Type type) {
        if (type instanceof Class<?> plain && plain.isInterface() && plain.isAnnotationPresent(PythonProgram.class)) {
            found.add(plain);
        }
    }

    /** Adds a bean for each interface; one that has a mistake fails the deployment. */
    void register(@Observes AfterBeanDiscovery event) {
        for (Class<?> type : found) {
            try {
                add(event, type);
            } catch (IllegalArgumentException e) {
                event.addDefinitionError(new DefinitionException(e.getMessage(), e));
            }
        }
    }

    private static <T> void add(AfterBeanDiscovery event, Class<T> type) {
        T proxy = PythonPools.proxy(type);
        event.<T>addBean()
                .id("vivarium:" + type.getName())
                .beanClass(ProgramExtension.class)
                .types(type, Object.class)
                .qualifiers(Default.Literal.INSTANCE)
                .scope(Dependent.class)
                .createWith(context -> proxy);
    }
}
