package org.vivarium.it.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that configures the running service, to which a test appends lines; other tests need what is in it. */
public final class ConfigurationFile implements AutoCloseable {
    private final DeployedVivarium vivarium;
    private final Path path;
    private final String before;

    /** Takes the service that reads it. */
    public ConfigurationFile(DeployedVivarium vivarium) {
        this.vivarium = vivarium;
        this.path = vivarium.home().resolve("vivarium.conf");
        try {
            this.before = Files.readString(path, UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns where it is. */
    public Path path() {
        return path;
    }

    /** Returns the number of the first line that {@link #append} writes. */
    public long firstLine() {
        return before.lines().count() + 1;
    }

    /** Has it end with {@code lines}, instead of those that were appended before. */
    public void append(String... lines) throws IOException {
        Files.writeString(
                path, (before.endsWith("\n") ? before : before + '\n') + String.join("\n", lines) + '\n', UTF_8);
    }

    /** Writes what was in it, and has it read. */
    @Override
    public void close() throws IOException {
        Files.writeString(path, before, UTF_8);
        Answer.json(vivarium.post("api/config/reload", ""));
    }
}
