package org.vivarium.core.process.channel;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.vivarium.api.memory.Reservation;
import org.vivarium.core.time.Ticker;

/**
 * Waits until a connection can be read or written, or there is room for what it brings: with a deadline, and in a way
 * that an interrupt of the waiting thread neither ends nor loses.
 *
 * <p>Belongs to the owner of the slot, but for {@link #wakeup} and {@link #processEnded}.
 */
final class Readiness implements AutoCloseable {
    private final Selector selector;
    private final SelectionKey key;
    private final Ticker ticker;
    private boolean interrupted;
    private volatile boolean ended;

    Readiness(SocketChannel socket, Ticker ticker) throws IOException {
        this.ticker = ticker;
        this.selector = Selector.open();
        this.key = socket.register(selector, SelectionKey.OP_READ);
    }

    /** Returns whether the process at the other end has ended, to be passed to the next wait. */
    boolean isOver() {
        return ended;
    }

    /** From now on waits until the connection can be written, or read again. */
    void forWriting(boolean writing) {
        key.interestOps(writing ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /**
     * Waits until the connection is ready or {@code policy} ends.
     *
     * @param over whether the process had ended before the last look at the connection, which found nothing
     */
    void await(WaitPolicy policy, boolean over) throws IOException, ChannelLostException, DeadlineException {
        if (Thread.interrupted()) { // or select would return at once, in a busy loop
            interrupted = true;
            policy.interrupted();
        }
        VarHandle.fullFence(); // what the owner wrote before is seen by whoever gives the wait up, or he is seen here
        long leftNanos = policy.deadlineNanos() - ticker.nanos();
        if (leftNanos <= 0 || policy.givenUp()) {
            throw new DeadlineException();
        }
        if (over) { // and yet no end of file: a descendant of the worker holds its socket open
            throw new ChannelLostException(true, null);
        }
        selector.select(1 + leftNanos / 1_000_000);
        selector.selectedKeys().clear();
    }

    /** Waits until {@code room} has come; the worker waits, too, meanwhile. */
    void awaitRoom(Reservation room, WaitPolicy policy) throws ChannelLostException, DeadlineException {
        key.interestOps(0); // there is something to read all the time
        try {
            while (!room.isGranted()) {
                await(policy, false);
            }
        } catch (IOException e) {
            throw new ChannelLostException(true, e);
        } finally {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    /** Sets the thread's flag again if an interrupt came during a wait. */
    void restoreInterrupt() {
        if (interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
    }

    /** Has a waiting owner look again. Any thread. */
    void wakeup() {
        selector.wakeup();
    }

    /** Notes that the process has ended, and has a waiting owner look again. Any thread. */
    void processEnded() {
        ended = true;
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        ended = true;
        selector.close();
    }
}
