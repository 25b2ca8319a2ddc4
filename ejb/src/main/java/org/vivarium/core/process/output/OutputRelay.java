package org.vivarium.core.process.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.vivarium.api.CallContext;
import org.vivarium.core.log.LogFields;
import org.vivarium.core.log.LogText;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.ProtocolException;

/**
 * Turns what one worker prints and logs into log lines that carry pool, worker, program and what identifies the call.
 *
 * <p>Belongs to the control loop's thread.
 */
public final class OutputRelay {
    private static final int LONGEST_LINE = 8 << 10;
    private static final int PYTHON_WARNING = 30;
    private static final int PYTHON_INFO = 20;
    private static final int PYTHON_ERROR = 40;

    private final Logger log;
    private final String pool;
    private final String worker;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    public OutputRelay(String pool, String worker) {
        this.pool = pool;
        this.worker = worker;
        this.log = LoggerFactory.getLogger("vivarium.python." + pool);
    }

    /** Logs a record of Python's {@code logging}, at its own level. */
    public void record(Frame frame) throws ProtocolException {
        Map<String, Object> message = frame.message();
        int number = message.get("level") instanceof Number level ? level.intValue() : PYTHON_INFO;
        Object exception = message.get("exception");
        String text =
                message.get("logger") + ": " + message.get("message") + (exception == null ? "" : "\n" + exception);
        write(level(number), LogText.indented(text), message);
    }

    /** Logs what a program printed. */
    public void printed(Frame frame) throws ProtocolException {
        Map<String, Object> message = frame.message();
        Level level = "stderr".equals(message.get("stream")) ? Level.WARN : Level.INFO;
        String text = String.valueOf(message.get("text")).stripTrailing();
        text.lines().forEach(each -> write(level, message.get("stream") + ": " + LogText.oneLine(each), message));
    }

    /** Logs what arrived on descriptors 1 and 2, line by line; a line longer than 8 KiB is cut into several. */
    public void plain(ByteBuffer bytes) {
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
    public void end() {
        flush("");
    }

    private void flush(String mark) {
        if (line.size() > 0) {
            write(Level.INFO, "output: " + LogText.oneLine(line.toString(UTF_8)) + mark, Map.of());
            line.reset();
        }
    }

    private void write(Level level, String text, Map<String, Object> message) {
        if (log.isEnabledForLevel(level)) {
            String program = message.get("program") instanceof String name ? name : null;
            LogFields.of(pool, worker, program, context(message))
                    .during(() -> log.atLevel(level).log(text));
        }
    }

    private static CallContext context(Map<String, Object> message) {
        Map<String, String> fields = new HashMap<>();
        if (message.get("context") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> fields.put(String.valueOf(name), String.valueOf(value)));
        }
        return CallContext.of(fields);
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
}
