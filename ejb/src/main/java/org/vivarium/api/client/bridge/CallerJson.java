package org.vivarium.api.client.bridge;

import jakarta.json.bind.Jsonb;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns inputs into JSON and results into objects, in the class loader of whoever calls. Thread safe.
 *
 * <p>Making a {@link Jsonb} costs some 100 µs, so there is one for each context class loader. It keeps classes of that
 * loader alive, so it is held softly: an undeployed application can be collected. Everything passes through
 * {@code String}, which JSON-B handles several times faster than streams.
 */
public final class CallerJson {
    private static final byte[] NO_INPUTS = {};
    private static final Map<ClassLoader, CallerJson> BY_LOADER = new WeakHashMap<>(); // guarded by itself
    private static volatile WeakReference<@Nullable CallerJson> last = new WeakReference<>(null);

    private final WeakReference<ClassLoader> loader;
    private volatile SoftReference<@Nullable Jsonb> jsonb = new SoftReference<>(null);

    private CallerJson(ClassLoader loader) {
        this.loader = new WeakReference<>(loader);
    }

    /** Returns the JSON of the calling thread's context class loader. */
    public static CallerJson ofThread() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader wanted = context == null ? CallerJson.class.getClassLoader() : context;
        CallerJson recent = last.get();
        if (recent != null && recent.loader.refersTo(wanted)) {
            return recent;
        }
        synchronized (BY_LOADER) {
            CallerJson json = BY_LOADER.computeIfAbsent(wanted, CallerJson::new);
            last = new WeakReference<>(json);
            return json;
        }
    }

    /** Returns {@code inputs} as JSON, as it crosses the {@link Bridge}; nothing at all for {@code null}. */
    public Object encode(@Nullable Object inputs) {
        if (inputs == null) {
            return NO_INPUTS;
        }
        Encoding encoding = new Encoding(binding());
        String json = inputs instanceof Map<?, ?> map ? new JsonWriter(encoding).write(map) : encoding.json(inputs);
        if (json.isEmpty() || json.charAt(0) != '{' || inputs instanceof byte[]) {
            throw new IllegalArgumentException(
                    inputs.getClass().getName() + " is not written as a JSON object but as " + shortened(json));
        }
        return encoding.value(json);
    }

    /** Returns JSON as an object of {@code type}. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as JSON-B itself: the type says what T is
    public <T> @Nullable T decode(String json, Type type) {
        if (type == byte[].class) {
            return decodeBytes(json);
        }
        return json.equals("null") ? null : binding().fromJson(json, type);
    }

    /** Returns JSON with binary data beside it as an object of {@code type}. */
    @SuppressWarnings({"TypeParameterUnusedInFormals", "unchecked"}) // a container stays what it is
    public <T> @Nullable T decode(String json, List<byte[]> attachments, Type type) {
        List<byte[]> outer = Binary.beside();
        Binary.lay(attachments);
        try {
            T plain = decode(json, type);
            return plain == null ? null : (T) Binary.inContainers(plain, attachments);
        } finally {
            Binary.lay(outer);
        }
    }

    /** JSON-B has its own idea of an array of bytes that is no member of anything. */
    @SuppressWarnings({"TypeParameterUnusedInFormals", "unchecked"}) // T is byte[]
    private <T> @Nullable T decodeBytes(String json) {
        return (T) binding()
                .fromJson("{\"value\":" + json + '}', Binary.Member.class)
                .getValue();
    }

    /** Returns the beginning of {@code json}, for messages. */
    public static String shortened(String json) {
        return json.length() > 120 ? json.substring(0, 120) + '…' : json;
    }

    private Jsonb binding() {
        Jsonb known = jsonb.get();
        if (known == null) {
            known = Binary.binding();
            jsonb = new SoftReference<>(known);
        }
        return known;
    }
}
