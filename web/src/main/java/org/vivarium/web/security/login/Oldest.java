package org.vivarium.web.security.login;

import java.util.Iterator;
import java.util.Map;

/** What goes first when there is too much. */
final class Oldest {
    private Oldest() {}

    /** Removes the first entries, by the order that it has, of {@code map} until there are at most {@code most}. */
    static void remove(Map<?, ?> map, int most) {
        for (Iterator<?> first = map.keySet().iterator(); map.size() > most; ) {
            first.next();
            first.remove();
        }
    }
}
