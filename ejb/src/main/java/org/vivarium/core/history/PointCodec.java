package org.vivarium.core.history;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.vivarium.api.ErrorCategory;
import org.vivarium.core.metrics.history.HistoryPoint;
import org.vivarium.core.metrics.history.HistoryPoint.Queue;
import org.vivarium.core.metrics.history.HistoryPoint.Usage;
import org.vivarium.core.metrics.windows.Durations;
import org.vivarium.core.metrics.windows.ErrorKind;
import org.vivarium.core.metrics.windows.LifeSpan;
import org.vivarium.core.metrics.windows.TimeSlice;

/**
 * A point as bytes, with its histograms. The first byte is the version of the form: a later version of the service
 * reads all earlier ones.
 */
public final class PointCodec {
    private static final int VERSION = 1;
    private static final int MOST_ENTRIES = 10_000;

    private PointCodec() {}

    /** Returns {@code point} without when it began. */
    public static byte[] encode(HistoryPoint point) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(point.slots());
            out.writeLong(point.usage().busyNanos());
            out.writeLong(point.usage().slotNanos());
            out.writeLong(point.usage().readyNanos());
            out.writeInt(point.queue().waiting());
            out.writeDouble(point.queue().oldestWaitMillis());
            TimeSlice calls = point.calls();
            out.writeLong(calls.calls());
            out.writeInt(calls.failures().size());
            for (Map.Entry<ErrorKind, Long> failure : calls.failures().entrySet()) {
                out.writeUTF(failure.getKey().category().name());
                out.writeUTF(failure.getKey().type());
                out.writeLong(failure.getValue());
            }
            write(out, calls.waiting());
            write(out, calls.execution());
            write(out, calls.total());
            out.writeInt(calls.life().size());
            for (Map.Entry<LifeSpan, Durations> life : calls.life().entrySet()) {
                out.writeUTF(life.getKey().name());
                write(out, life.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Durations durations) throws IOException {
        byte[] encoded = durations.encoded();
        out.writeInt(encoded.length);
        out.write(encoded);
    }

    /**
     * Returns the point that began at {@code start}.
     *
     * @throws IllegalArgumentException if {@code content} is no point, or one of a later version
     */
    public static HistoryPoint decode(Instant start, byte[] content) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IllegalArgumentException("it has version " + version + ", and known is " + VERSION);
            }
            int slots = in.readInt();
            Usage usage = new Usage(in.readLong(), in.readLong(), in.readLong());
            Queue queue = new Queue(in.readInt(), in.readDouble());
            long calls = in.readLong();
            Map<ErrorKind, Long> failures = new HashMap<>();
            for (int left = count(in); left > 0; left--) {
                failures.put(new ErrorKind(ErrorCategory.valueOf(in.readUTF()), in.readUTF()), in.readLong());
            }
            TimeSlice slice = new TimeSlice(calls, failures, durations(in), durations(in), durations(in), lives(in));
            if (slots <= 0 || calls < 0) {
                throw new IllegalArgumentException(calls + " calls in " + slots + " slots");
            }
            return new HistoryPoint(0, slots, start, slice, usage, queue);
        } catch (IOException e) {
            throw new IllegalArgumentException("it ends too early", e);
        }
    }

    private static Map<LifeSpan, Durations> lives(DataInputStream in) throws IOException {
        Map<LifeSpan, Durations> lives = new EnumMap<>(LifeSpan.class);
        for (int left = count(in); left > 0; left--) {
            lives.put(LifeSpan.valueOf(in.readUTF()), durations(in));
        }
        return lives;
    }

    private static Durations durations(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IllegalArgumentException("a histogram of " + length + " bytes");
        }
        return Durations.ofEncoded(in.readNBytes(length));
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST_ENTRIES) {
            throw new IllegalArgumentException(count + " entries");
        }
        return count;
    }
}
