package org.vivarium.core.changes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of the change log as they were at one moment, oldest first: open, so that neither what is appended later
 * nor a rotation makes a difference to who reads them. For one thread.
 */
final class LogFiles implements Closeable {
    /** The file that grows. */
    static final String CURRENT = "changes.jsonl";

    private static final String OLDER = "changes-\\d{12}\\.jsonl";

    private final List<Part> parts = new ArrayList<>();

    private LogFiles() {}

    /** One file, up to the end that it had. */
    record Part(Path path, InputStream stream, long length) {}

    /** Returns where a file goes that grows no more and begins with record {@code first}. */
    static Path older(Path directory, long first) {
        return directory.resolve("changes-%012d.jsonl".formatted(first));
    }

    /** Returns the files that are there, oldest first. */
    static List<Path> paths(Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> all = Files.list(directory)) {
                all.filter(path -> path.getFileName().toString().matches(OLDER))
                        .sorted()
                        .forEach(paths::add);
            }
        }
        Path current = directory.resolve(CURRENT);
        if (Files.exists(current)) {
            paths.add(current);
        }
        return paths;
    }

    /** Returns what links the first record of a file to others; {@code null} if there is no such file or record. */
    static ChangeLine.@Nullable Link first(List<Path> paths, int index) throws IOException {
        if (index >= paths.size()) {
            return null;
        }
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new FileInputStream(paths.get(index).toFile()), UTF_8))) {
            String line = in.readLine();
            return line == null ? null : ChangeLine.link(line);
        }
    }

    static LogFiles open(Path directory) throws IOException {
        LogFiles files = new LogFiles();
        try {
            for (Path path : paths(directory)) {
                long length = Files.size(path);
                files.parts.add(new Part(path, new FileInputStream(path.toFile()), length));
            }
            return files;
        } catch (IOException e) {
            files.close();
            throw e;
        }
    }

    /** Returns the files, oldest first; each can be read once. */
    List<Part> parts() {
        return parts;
    }

    /** Takes the lines of a file. */
    @FunctionalInterface
    interface LineHandler {
        /**
         * Takes one line.
         *
         * @param start where it begins, in bytes
         * @param ended whether the end of the line is there
         */
        void line(String text, long start, boolean ended);
    }

    /** Gives all lines of {@code part} to {@code handler}. */
    static void read(Part part, LineHandler handler) throws IOException {
        InputStream in = new BufferedInputStream(part.stream(), 1 << 16);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long start = 0;
        for (long at = 0; at < part.length(); at++) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            if (next == '\n') {
                handler.line(line.toString(UTF_8), start, true);
                line.reset();
                start = at + 1;
            } else {
                line.write(next);
            }
        }
        if (line.size() > 0) {
            handler.line(line.toString(UTF_8), start, false);
        }
    }

    @Override
    public void close() throws IOException {
        for (Part part : parts) {
            part.stream().close();
        }
    }
}
