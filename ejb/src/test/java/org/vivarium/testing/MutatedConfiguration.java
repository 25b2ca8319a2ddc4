package org.vivarium.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;

/** Texts of configuration files as people and accidents make them: one right text with some random mistakes. */
public final class MutatedConfiguration {
    private static final List<String> VALUES = List.of(
            "-1",
            "0",
            "1",
            "3.5",
            "99999999999",
            "true",
            "null",
            "[]",
            "{}",
            "\"\"",
            "ten",
            "5 parsecs",
            "10 ms",
            "1 GiB",
            "auto",
            "\"x\\u0000y\"",
            "${missing}",
            "${?missing}",
            "2 s",
            "low-latency");
    private static final String PIECES = "{}[]=:,\"\\$#\n é\u0000+";

    private final Random random;

    /** Takes what decides about all mistakes. */
    public MutatedConfiguration(long seed) {
        this.random = new Random(seed);
    }

    /** Returns {@code right} with one to three mistakes, most of which matter. */
    public String of(String right) {
        String text = right;
        for (int i = random.nextInt(3); i >= 0; i--) {
            text = mistaken(text);
        }
        return text;
    }

    private String mistaken(String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        switch (random.nextInt(6)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
            case 2 -> lines.set(at, line.replaceFirst("=.*", Matcher.quoteReplacement("= " + one(VALUES))));
            case 3 -> lines.set(at, line.replaceFirst("[a-z]", "qz"));
            case 4 -> lines.set(at, line + one(VALUES));
            default -> {
                int place = random.nextInt(line.length() + 1);
                char piece = PIECES.charAt(random.nextInt(PIECES.length()));
                lines.set(at, line.substring(0, place) + piece + line.substring(place));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private String one(List<String> among) {
        return among.get(random.nextInt(among.size()));
    }
}
