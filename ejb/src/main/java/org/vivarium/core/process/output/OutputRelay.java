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
import org.vivarium.core.process.output.OutputBudget.Dropped;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.time.Ticker;

/**
 * Turns what one worker prints and logs into log lines that carry pool, worker, program and what identifies the call,
 * as many a second as it may.
 *
 * <p>Belongs to the control loop's thread, which only counts and hands over; the {@link OutputWriter} reads and logs.
 */
public final class OutputRelay {
    private static final int LONGEST_LINE = 8 << 10;
    private static final int PYTHON_WARNING = 30;
    private static final int PYTHON_INFO = 20;
    private static final int PYTHON_ERROR = 40;

    private final Logger log;
    private final String pool;
    private final String worker;
    private final OutputLimits limits;
    private final OutputWriter writer;
    private final Ticker ticker;
    private final Observer observer;
    private final OutputBudget budget;

    /** What no line of the log has told yet. */
    private Dropped untold = Dropped.NOTHING;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /** Relays the output of {@code worker} of {@code pool}. */
    public OutputRelay(Source source, OutputWriter writer, Ticker ticker, Observer observer) {
        this.pool = source.pool();
        this.worker = source.worker();
        this.limits = source.limits();
        this.writer = writer;
        this.ticker = ticker;
        this.observer = observer;
        this.budget = new OutputBudget(limits, ticker.nanos());
        this.log = LoggerFactory.getLogger("vivarium.python." + pool);
    }

    /** Logs a record of Python's {@code logging}, at its own level. */
    public void record(Frame frame) {
        offer(frame.body().length, () -> read(frame, this::logRecord));
    }

    /** Logs what a program printed. */
    public void printed(Frame frame) {
        offer(frame.body().length, () -> read(frame, this::logPrinted));
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

    /** Reports what was dropped; called about once a second. */
    public void reportDropped() {
        Dropped dropped = budget.takeDropped();
        if (dropped.lines() > 0) {
            observer.dropped(dropped.lines());
            untold = untold.plus(dropped);
        }
        if (untold.lines() > 0 && writer.offer(0, report(untold))) {
            untold = Dropped.NOTHING;
        }
    }

    private Runnable report(Dropped dropped) {
        return () -> write(
                Level.WARN,
                "worker %s printed and logged more than %d lines or %d bytes a second: %d lines with %d bytes were dropped"
                        .formatted(worker, limits.lines(), limits.bytes(), dropped.lines(), dropped.bytes()),
                Map.of());
    }

    /** Logs an unfinished last line. */
    public void end() {
        flush("");
        reportDropped();
    }

    private void flush(String mark) {
        if (line.size() > 0) {
            byte[] text = line.toByteArray();
            line.reset();
            offer(
                    text.length,
                    () -> write(Level.INFO, "output: " + LogText.oneLine(new String(text, UTF_8)) + mark, Map.of()));
        }
    }

    private void offer(int size, Runnable write) {
        if (budget.admits(size, ticker.nanos()) && !writer.offer(size, write)) {
            budget.drop(size);
        }
    }

    private void read(Frame frame, Reading reading) {
        try {
            reading.of(frame.message());
        } catch (ProtocolException e) {
            observer.malformed(e);
        }
    }

    private void logRecord(Map<String, Object> message) {
        int number = message.get("level") instanceof Number level ? level.intValue() : PYTHON_INFO;
        Object exception = message.get("exception");
        String text =
                message.get("logger") + ": " + message.get("message") + (exception == null ? "" : "\n" + exception);
        write(level(number), LogText.indented(text), message);
    }

    private void logPrinted(Map<String, Object> message) {
        Level level = "stderr".equals(message.get("stream")) ? Level.WARN : Level.INFO;
        String text = String.valueOf(message.get("text")).stripTrailing();
        if (!text.isEmpty()) {
            write(level, message.get("stream") + ": " + LogText.oneLine(text), message);
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

    /** Whose output it is. */
    public record Source(String pool, String worker, OutputLimits limits) {}

    /** Hears of what cannot be logged. */
    public interface Observer {
        /** So many more lines were dropped; on the control loop's thread. */
        void dropped(long lines);

        /** A frame could not be read; on the writer's thread. */
        void malformed(ProtocolException problem);
    }

    /** Logs what a frame says. */
    @FunctionalInterface
    private interface Reading {
        void of(Map<String, Object> message);
    }
}
