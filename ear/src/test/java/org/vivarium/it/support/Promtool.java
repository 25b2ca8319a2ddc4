package org.vivarium.it.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** The tool of Prometheus that checks metrics against its rules for names, units and texts. */
public final class Promtool {
    private static final String NAME = "promtool";
    private static final long PATIENCE_SECONDS = 60;

    private Promtool() {}

    /** Returns what {@code promtool check metrics} says of {@code text}: nothing if it keeps to the rules. */
    public static String complaints(String text) throws IOException, InterruptedException {
        Path input = Files.createTempFile("metrics", ".txt");
        Path output = Files.createTempFile("complaints", ".txt");
        try {
            Files.writeString(input, text, UTF_8);
            Process process = new ProcessBuilder(NAME, "check", "metrics")
                    .redirectInput(input.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(NAME + " has not ended after " + PATIENCE_SECONDS + " s");
            }
            return process.exitValue() == 0
                    ? Files.readString(output)
                    : "status " + process.exitValue() + ": " + Files.readString(output);
        } finally {
            Files.delete(input);
            Files.delete(output);
        }
    }

    /** Skips the test if this machine has no such tool; fails it where CI runs, which installs it. */
    public static void require() {
        boolean there = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, NAME)));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there)
                    .as("CI has " + NAME + ", of Debian's package prometheus")
                    .isTrue();
        }
        assumeTrue(there, NAME + " is not on the PATH: install Debian's package prometheus");
    }
}
