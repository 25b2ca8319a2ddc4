package org.vivarium.core.process.output;

import java.nio.ByteBuffer;
import org.vivarium.core.process.control.Receiver;
import org.vivarium.core.time.Ticker;

/**
 * What one fork server writes to its descriptors 1 and 2, so what its modules print while they are imported and what
 * its workers print before they have channels. Belongs to the control loop's thread, but for {@link #tail}.
 */
public final class BootOutput implements Receiver {
    private final BootLines lines;
    private volatile boolean opened;

    public BootOutput(String server, OutputWriter writer, Ticker ticker) {
        this.lines = new BootLines(server, writer, ticker);
    }

    /** Notes that the process is connected: it prints nowhere else from now on. */
    public BootOutput opened() {
        opened = true;
        return this;
    }

    /** Returns whether the process was ever connected. */
    public boolean wasOpened() {
        return opened;
    }

    @Override
    public void bytes(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            lines.take(bytes.get());
        }
    }

    @Override
    public void closed(String reason) {
        lines.end();
    }

    /** Returns the last lines, each after a line break; empty if nothing was printed. */
    public String tail() {
        return lines.tail();
    }
}
