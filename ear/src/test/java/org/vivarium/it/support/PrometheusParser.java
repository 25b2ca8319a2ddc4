package org.vivarium.it.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The official parsers of both text formats of Prometheus, in the Python environment of the tests. */
public final class PrometheusParser {
    private static final long PATIENCE_SECONDS = 300; // the environment may have to be made

    private PrometheusParser() {}

    /** What the parser said. */
    public record Verdict(int status, List<String> families, String errors) {}

    /** Has {@code text} read, by a process of its own. */
    public static Verdict read(String text) throws IOException, InterruptedException {
        return read(text, "");
    }

    /** Has {@code text} read likewise, as OpenMetrics. */
    public static Verdict readOpenMetrics(String text) throws IOException, InterruptedException {
        return read(text, "openmetrics");
    }

    private static Verdict read(String text, String format) throws IOException, InterruptedException {
        Path python = Path.of(Objects.requireNonNull(System.getProperty("vivarium.root")), "python");
        Path errors = Files.createTempFile("families", ".txt");
        Path input = Files.createTempFile("metrics", ".txt");
        Path output = Files.createTempFile("families", ".txt");
        try {
            Files.writeString(input, text, UTF_8);
            Process process = new ProcessBuilder(
                            "sh", "-ec", ". ./environment; exec \"$bin/python\" tests/families.py " + format)
                    .directory(python.toFile())
                    .redirectInput(input.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the parser has not ended after " + PATIENCE_SECONDS + " s");
            }
            return new Verdict(process.exitValue(), Files.readAllLines(output, UTF_8), Files.readString(errors, UTF_8));
        } finally {
            for (Path file : List.of(errors, input, output)) {
                Files.delete(file);
            }
        }
    }
}
