package org.vivarium.core.state;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes one document again and again in a JVM of its own, to be killed; prints each number once it is written. */
public final class StateWriter {
    static final StateFormat COUNT = new StateFormat("count", List.of());
    static final String BULK = "x".repeat(8 << 20); // takes a while to write

    private StateWriter() {}

    public static void main(String... arguments) {
        StateStore store = new StateStore(Path.of(arguments[0]));
        for (int i = Integer.parseInt(arguments[1]); ; i++) {
            store.write(COUNT, Map.of("a", i, "bulk", BULK, "z", i));
            System.out.println(i);
        }
    }
}
