package org.vivarium.core.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.ProtocolException;

/**
 * Turns what one worker prints and logs into log lines that carry pool, worker, session and correlation id.
 *
 * <p>Belongs to the control loop's thread.
 */
final class OutputRelay {
    private static final int LONGEST_LINE = 8 << 10;
    private static final int PYTHON_WARNING = 30;
    private static final int PYTHON_INFO = 20;
    private static final int PYTHON_ERROR = 40;

    private final Logger log;
    private final String pool;
    private final String worker;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    OutputRelay(String pool, String worker) {
        this.pool = pool;
        this.worker = worker;
        this.log = LoggerFactory.getLogger("vivarium.python." + pool);
    }

    /** Logs a record of Python's {@code logging}, at its own level. */
    void record(Frame frame) throws ProtocolException {
        Map<String, Object> message = frame.message();
        int number = message.get("level") instanceof Number level ? level.intValue() : PYTHON_INFO;
        Object exception = message.get("exception");
        String text =
                message.get("logger") + ": " + message.get("message") + (exception == null ? "" : "\n" + exception);
        write(level(number), text, message.get("context"));
    }

    /** Logs what a program printed. */
    void printed(Frame frame) throws ProtocolException {
        Map<String, Object> message = frame.message();
        Level level = "stderr".equals(message.get("stream")) ? Level.WARN : Level.INFO;
        String text = String.valueOf(message.get("text")).stripTrailing();
        text.lines().forEach(each -> write(level, message.get("stream") + ": " + escape(each), message.get("context")));
    }

    /** Logs what arrived on descriptors 1 and 2, line by line; a line longer than 8 KiB is cut into several. */
    void plain(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next != '\n') {
                line.write(next);
            }
            if (next == '\n' || line.size() >= LONGEST_LINE) {
                flush(next == '\n' ? "" : " (continued)");
            }
        }
    }

    /** Logs an unfinished last line. */
    void end() {
        flush("");
    }

    private void flush(String mark) {
        if (line.size() > 0) {
            write(Level.INFO, "output: " + escape(line.toString(UTF_8)) + mark, null);
            line.reset();
        }
    }

    private void write(Level level, String text, @org.jspecify.annotations.Nullable Object context) {
        if (!log.isEnabledForLevel(level)) {
            return;
        }
        try {
            MDC.put("pool", pool);
            MDC.put("worker", worker);
            if (context instanceof Map<?, ?> fields) {
                fields.forEach((name, value) -> MDC.put(String.valueOf(name), String.valueOf(value)));
            }
            log.atLevel(level).log(text);
        } finally {
            MDC.clear();
        }
    }

    private static Level level(int python) {
        if (python >= PYTHON_ERROR) {
            return Level.ERROR;
        }
        if (python >= PYTHON_WARNING) {
            return Level.WARN;
        }
        return python >= PYTHON_INFO ? Level.INFO : Level.DEBUG;
    }

    /** Makes control characters visible, so that nobody forges a log line or steers a terminal. */
    private static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) && c != '\t') {
                safe.append("\\x%02x".formatted(c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }
}
