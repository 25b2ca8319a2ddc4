package org.vivarium.core.process.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.process.output.OutputBudget.Dropped;
import org.vivarium.core.time.Ticker;

/**
 * What a guardian and its fork servers print before there is any other channel: import warnings, crashes. Logged line
 * by line, as many a second as the log may take; the last lines are kept for error messages. Thread safe.
 */
public final class BootLog {
    private static final Logger LOG = LoggerFactory.getLogger("vivarium.python.boot");
    private static final int LINES_KEPT = 12;
    private static final int LONGEST_LINE = 2_000;

    private final String guardian;
    private final Ticker ticker;
    private final OutputBudget budget;
    private final Deque<String> last = new ArrayDeque<>();
    private final Thread reader;

    public BootLog(String guardian, InputStream output, Ticker ticker, ThreadFactory threads) {
        this.guardian = guardian;
        this.ticker = ticker;
        this.budget = new OutputBudget(OutputLimits.DEFAULT, ticker.nanos());
        reader = threads.newThread(() -> read(output));
        reader.setName("vivarium-boot-" + guardian);
        reader.start();
    }

    private void read(InputStream output) {
        StringBuilder line = new StringBuilder();
        try (output) {
            byte[] chunk = new byte[4096];
            for (int count = output.read(chunk); count >= 0; count = output.read(chunk)) {
                new String(chunk, 0, count, UTF_8).chars().forEach(c -> take((char) c, line));
            }
        } catch (IOException e) {
            LOG.debug("boot log of {} ended", guardian, e);
        }
        flush(line);
    }

    private void take(char c, StringBuilder line) {
        if (c == '\n') {
            flush(line);
        } else if (line.length() < LONGEST_LINE) {
            line.append(Character.isISOControl(c) && c != '\t' ? '?' : c);
        }
    }

    private void flush(StringBuilder line) {
        if (line.isEmpty()) {
            return;
        }
        String text = line.toString();
        line.setLength(0);
        synchronized (last) {
            last.add(text);
            if (last.size() > LINES_KEPT) {
                last.remove();
            }
        }
        log(text);
    }

    private void log(String text) {
        if (!budget.admits(text.length(), ticker.nanos())) {
            return;
        }
        Dropped dropped = budget.takeDropped();
        if (dropped.lines() > 0) {
            LOG.warn(
                    "{}: {} lines with {} characters were dropped, too many within a second",
                    guardian,
                    dropped.lines(),
                    dropped.bytes());
        }
        LOG.info("{}: {}", guardian, text);
    }

    /** Waits up to 200 ms for the reader to catch up with a process that has ended. */
    public void awaitEnd() {
        try {
            reader.join(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the last lines, each after a line break; empty if nothing was printed. */
    public String tail() {
        synchronized (last) {
            return last.isEmpty() ? "" : "\n" + String.join("\n", last);
        }
    }
}
