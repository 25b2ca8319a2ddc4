package org.vivarium.core.process.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.process.output.OutputBudget.Dropped;
import org.vivarium.core.time.Ticker;

/**
 * The lines that one guardian or fork server prints: logged, as many a second as the log may take, and the last ones
 * kept for error messages. Written by one thread, whoever reads that process; {@link #tail} by any.
 */
final class BootLines {
    private static final Logger LOG = LoggerFactory.getLogger("vivarium.python.boot");
    private static final int LINES_KEPT = 12;
    private static final int LONGEST_LINE = 2_000;

    private final String process;
    private final Ticker ticker;
    private final OutputBudget budget;
    private final OutputWriter writer;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Deque<String> last = new ArrayDeque<>();

    /** Begins with the output of {@code process}, which {@code writer} logs. */
    BootLines(String process, OutputWriter writer, Ticker ticker) {
        this.process = process;
        this.writer = writer;
        this.ticker = ticker;
        this.budget = new OutputBudget(OutputLimits.DEFAULT, ticker.nanos());
    }

    /** Takes the next byte; what is beyond the longest line is left out. */
    void take(byte next) {
        if (next == '\n') {
            end();
        } else if (line.size() < LONGEST_LINE) {
            line.write(next);
        }
    }

    /** Takes what was printed last for a whole line. */
    void end() {
        if (line.size() == 0) {
            return;
        }
        String text = printable(line.toString(UTF_8));
        line.reset();
        synchronized (last) {
            last.add(text);
            if (last.size() > LINES_KEPT) {
                last.remove();
            }
        }
        log(text);
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.chars().forEach(c -> shown.append(Character.isISOControl(c) && c != '\t' ? '?' : (char) c));
        return shown.toString();
    }

    private void log(String text) {
        if (!budget.admits(text.length(), ticker.nanos())) {
            return;
        }
        Dropped dropped = budget.takeDropped();
        boolean offered = writer.offer(text.length(), () -> {
            if (dropped.lines() > 0) {
                LOG.warn(
                        "{}: {} lines with {} characters were dropped, too many within a second",
                        process,
                        dropped.lines(),
                        dropped.bytes());
            }
            LOG.info("{}: {}", process, text);
        });
        if (!offered) {
            budget.drop(text.length());
        }
    }

    /** Returns the last lines, each after a line break; empty if nothing was printed. */
    String tail() {
        synchronized (last) {
            return last.isEmpty() ? "" : "\n" + String.join("\n", last);
        }
    }
}
