package org.vivarium.core.state;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Writes one document again and again in a JVM of its own, to be killed; prints each number once it is written. */
public final class StateWriter {
    static final StateFormat COUNT = new StateFormat("count", List.of());
    static final int LENGTH = 20_000;

    private StateWriter() {}

    public static void main(String... arguments) {
        StateStore store = new StateStore(Path.of(arguments[0]));
        for (int i = Integer.parseInt(arguments[1]); ; i++) {
            store.write(COUNT, Map.of("numbers", Collections.nCopies(LENGTH, i)));
            System.out.println(i);
        }
    }
}
