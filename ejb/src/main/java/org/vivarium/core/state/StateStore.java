package org.vivarium.core.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.protocol.Json;
import org.vivarium.core.protocol.ProtocolException;

/**
 * Documents in {@code <home>/state}, one JSON file each.
 *
 * <p>A document is on the disk before {@link #write} returns, and a process that is killed at any moment leaves the old
 * document or the new one. A file that is damaged, or was written by a later version of the service, is never replaced:
 * reading and writing it fail until somebody has moved it away, and all other documents go on. Thread safe; for one
 * process at a time.
 */
public final class StateStore {
    private static final String MOVE_IT = "; repair it, or move it away to begin without it";

    private final Path directory;

    /** By the name of a document, what makes look and replace one step. */
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    /** Takes the home directory, which need not exist: it is made by the first write. */
    public StateStore(Path home) {
        this.directory = home.resolve("state");
    }

    private static final class Held {
        private final ReentrantLock lock = new ReentrantLock();
        private boolean ours; // what the file holds can be read by this version, or there is none
    }

    /** Returns the file of a document. */
    public Path path(StateFormat format) {
        return directory.resolve(format.name() + ".json");
    }

    /**
     * Returns the content of a document in the version of {@code format}; nothing if it was never written. Values are
     * maps, lists, text, numbers, booleans and nulls; a whole number is an {@code Integer} if it fits, else a
     * {@code Long}.
     *
     * @throws StateException if it cannot be read, is damaged, or has a version that is not known
     */
    public Optional<Map<String, Object>> read(StateFormat format) {
        Path file = path(format);
        byte[] bytes;
        try {
            if (Files.notExists(file)) {
                return Optional.empty();
            }
            bytes = PrivateFiles.read(file);
        } catch (IOException e) {
            throw failed("read", file, e);
        }
        return Optional.of(upgraded(format, document(file, bytes)));
    }

    /**
     * Replaces a document, or makes it; returns once nothing can lose it.
     *
     * @param content maps with text as keys, lists, text, numbers, booleans and nulls
     * @throws StateException if it cannot be written, or what is there cannot be read; the old one is still there then
     */
    public void write(StateFormat format, Map<String, ?> content) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("document", format.name());
        document.put("version", format.version());
        document.put("content", content);
        byte[] bytes = Json.write(document);
        Held place = held.computeIfAbsent(format.name(), name -> new Held());
        place.lock.lock();
        try {
            PrivateFiles.makeDirectory(directory);
            if (!place.ours) {
                read(format); // throws rather than that something is replaced that nobody could read
                place.ours = true;
            }
            PrivateFiles.replace(path(format), bytes);
        } catch (IOException e) {
            throw failed("write", path(format), e);
        } finally {
            place.lock.unlock();
        }
    }

    private static StateException failed(String what, Path file, IOException cause) {
        return new StateException("cannot " + what + ' ' + file + ": " + PrivateFiles.cause(cause), cause);
    }

    private static Map<String, Object> document(Path file, byte[] bytes) {
        try {
            return Json.readObject(bytes);
        } catch (ProtocolException e) {
            throw damaged(
                    file, String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        }
    }

    private static StateException damaged(Path file, String how, @Nullable Exception cause) {
        return new StateException(file + " is damaged: " + how + MOVE_IT, cause);
    }

    private Map<String, Object> upgraded(StateFormat format, Map<String, Object> document) {
        Path file = path(format);
        if (!format.name().equals(document.get("document"))) {
            throw damaged(file, "it does not say \"document\": \"" + format.name() + '"', null);
        }
        if (!(document.get("version") instanceof Integer version) || version < 1) {
            throw damaged(file, "its version is no whole number from 1", null);
        }
        if (version > format.version()) {
            throw new StateException(
                    "%s has format version %d, but this version of Vivarium knows versions up to %d; start the version of"
                                    .formatted(file, version, format.version())
                            + " Vivarium that wrote it, or a later one, or move the file away to begin without it",
                    null);
        }
        Map<String, Object> content = members(document.get("content"));
        if (content == null) {
            throw damaged(file, "its content is no JSON object", null);
        }
        for (int from = version; from < format.version(); from++) {
            content = step(format, from, content);
        }
        return content;
    }

    private Map<String, Object> step(StateFormat format, int from, Map<String, Object> content) {
        try {
            return format.steps().get(from - 1).upgrade(content);
        } catch (RuntimeException e) { // a step meets what somebody wrote by hand
            throw new StateException(
                    "cannot upgrade %s from format version %d to %d: %s%s"
                            .formatted(path(format), from, from + 1, e, MOVE_IT),
                    e);
        }
    }

    private static @Nullable Map<String, Object> members(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return null;
        }
        Map<String, Object> members = new LinkedHashMap<>();
        map.forEach((key, each) -> members.put(String.valueOf(key), each));
        return members;
    }
}
