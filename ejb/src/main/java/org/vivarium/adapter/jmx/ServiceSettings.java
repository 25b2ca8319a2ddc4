package org.vivarium.adapter.jmx;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vivarium.adapter.jmx.mbean.DescribedMBean;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.core.changes.Change;
import org.vivarium.core.changes.ChangeRecorder;

/**
 * Changes of the service as a whole, by whoever calls: recorded before they are made, or with the sentence that refuses
 * them. Thread safe.
 *
 * @param bean whose attributes they are, such as {@code Telemetry}
 * @param value returns what an attribute is now
 */
record ServiceSettings(String bean, Function<String, Object> value, ChangeRecorder changes, JmxCaller caller)
        implements DescribedMBean.Refusals {
    /**
     * Sets an attribute.
     *
     * @param check returns what is to be set, or throws an {@link IllegalArgumentException} that says in one sentence
     *     what is wrong with {@code wanted}
     */
    <T, C> void change(String attribute, T wanted, Function<T, C> check, Consumer<C> set) {
        C checked;
        try {
            checked = check.apply(wanted);
        } catch (IllegalArgumentException e) {
            refused(attribute, wanted, String.valueOf(e.getMessage()));
            throw e;
        }
        changes.record(change(attribute, checked));
        set.accept(checked);
    }

    /** Returns {@code check} with the name of the attribute before its sentences. */
    static <T, C> Function<T, C> named(String attribute, Function<T, C> check) {
        return wanted -> {
            try {
                return check.apply(wanted);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(attribute + ' ' + e.getMessage(), e);
            }
        };
    }

    @Override
    public void refused(String attribute, @Nullable Object wanted, String why) {
        changes.refused(change(attribute, wanted), why);
    }

    private Change change(String attribute, @Nullable Object to) {
        return Change.of(caller.actor(), "configure", null)
                .about("parameter", bean + '.' + attribute)
                .from(value.apply(attribute), to);
    }
}
