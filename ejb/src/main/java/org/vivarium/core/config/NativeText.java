package org.vivarium.core.config;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import org.jspecify.annotations.Nullable;

/** What keeps a text from reaching the system, or a process, as it is written. */
enum NativeText {
    /** The path of a file. */
    PATH(encodingOfFiles()),
    /** An argument of a process or a variable of its environment; they follow that of files since Java 19. */
    ARGUMENT(Runtime.version().feature() < 19 ? Charset.defaultCharset() : encodingOfFiles());

    private final Charset encoding;

    NativeText(Charset encoding) {
        this.encoding = encoding;
    }

    private static Charset encodingOfFiles() {
        try {
            return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Charset.defaultCharset();
        }
    }

    /** Returns what is wrong with {@code text} and what to do; {@code null} if nothing is. */
    @Nullable String problem(String text) {
        if (text.indexOf('\0') >= 0) {
            return "must have no NUL";
        }
        if (encoding.newEncoder().canEncode(text)) {
            return null;
        }
        return "cannot be passed on: the server was started with the encoding %s, which lacks a character of it; start it with LC_ALL=C.UTF-8, or use other characters"
                .formatted(encoding.name());
    }
}
