package org.vivarium.core.config;

import java.util.Collection;
import java.util.Comparator;

/** Guesses what somebody meant who mistyped a name. */
final class Suggestion {
    private static final int SHORTEST_ALLOWANCE = 2;
    private static final int SHORTEST_BEGINNING = 4;

    private Suggestion() {}

    /**
     * Returns {@code "; did you mean X?"} for the known name that is most like {@code wrong}, or all names if none is
     * alike.
     */
    static String among(Collection<String> known, String wrong) {
        int allowance = Math.max(SHORTEST_ALLOWANCE, wrong.length() / 3);
        return known.stream()
                .min(Comparator.comparingInt((String name) -> unlikeness(name, wrong))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(name -> unlikeness(name, wrong) <= allowance)
                .map(name -> "; did you mean " + name + '?')
                .orElseGet(() -> "; known are "
                        + String.join(", ", known.stream().sorted().toList()));
    }

    private static int unlikeness(String name, String wrong) {
        boolean unfinished =
                wrong.length() >= SHORTEST_BEGINNING && name.regionMatches(true, 0, wrong, 0, wrong.length());
        return unfinished ? 1 : distance(name, wrong);
    }

    /** Levenshtein's distance, ignoring case: how many letters to insert, remove or replace. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int line = 1; line <= left.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column < row.length; column++) {
                int replaced = diagonal + (same(left.charAt(line - 1), right.charAt(column - 1)) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, Math.min(row[column], row[column - 1]) + 1);
            }
        }
        return row[right.length()];
    }

    private static boolean same(char left, char right) {
        return Character.toLowerCase(left) == Character.toLowerCase(right);
    }
}
