package org.vivarium.core.process.output;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.time.Ticker;

/**
 * What a guardian prints to its pipe, and its fork servers before they have a channel for it: complaints of the
 * interpreter, rejections. Thread safe.
 */
public final class BootLog {
    private static final Logger LOG = LoggerFactory.getLogger(BootLog.class);

    private final String guardian;
    private final BootLines lines;
    private final Thread reader;

    public BootLog(String guardian, InputStream output, OutputWriter writer, Ticker ticker, ThreadFactory threads) {
        this.guardian = guardian;
        this.lines = new BootLines(guardian, writer, ticker);
        reader = threads.newThread(() -> read(output));
        reader.setName("vivarium-boot-" + guardian);
        reader.start();
    }

    private void read(InputStream output) {
        try (output) {
            byte[] chunk = new byte[4096];
            for (int count = output.read(chunk); count >= 0; count = output.read(chunk)) {
                for (int i = 0; i < count; i++) {
                    lines.take(chunk[i]);
                }
            }
        } catch (IOException e) {
            LOG.debug("boot log of {} ended", guardian, e);
        }
        lines.end();
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
        return lines.tail();
    }
}
