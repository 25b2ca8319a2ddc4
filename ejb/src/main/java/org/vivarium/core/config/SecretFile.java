package org.vivarium.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file that holds one value, as container platforms mount secrets. */
final class SecretFile {
    private static final int MOST_BYTES = 1 << 20;

    private SecretFile() {}

    /**
     * Returns the text of {@code file} without the line break at its end.
     *
     * @throws IOException if it cannot be read, is larger than 1 MiB, or is no UTF-8; the message says nothing of what
     *     is in it
     */
    static String read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file + " is larger than " + MOST_BYTES + " bytes");
        }
        String text = Files.readString(file);
        int end = text.length();
        if (end > 0 && text.charAt(end - 1) == '\n') {
            end -= end > 1 && text.charAt(end - 2) == '\r' ? 2 : 1;
        }
        return text.substring(0, end);
    }
}
