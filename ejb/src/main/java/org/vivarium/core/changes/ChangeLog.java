package org.vivarium.core.changes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.core.changes.ChangeLine.Entry;
import org.vivarium.core.changes.ChangeLine.Link;
import org.vivarium.core.state.PrivateFiles;
import org.vivarium.core.state.StateException;
import org.vivarium.core.state.StateFormat;
import org.vivarium.core.state.StateStore;

/**
 * The records of all changes, in {@code <home>/changes}: lines of JSON that are only ever appended, each with the hash
 * of the one before it.
 *
 * <p>A record is on the disk before {@link #record} returns; records that are made at the same time share one write to
 * the disk. The last sequence and hash are kept apart, in the state store. If the files cannot be written, changes are
 * refused, until they can be again. Thread safe; for one process at a time.
 */
public final class ChangeLog implements ChangeRecorder, AutoCloseable {
    /** What is kept unless somebody says otherwise. */
    public static final Limits STANDARD = new Limits(16 << 20, 10);

    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);
    private static final StateFormat HEAD = new StateFormat("change-log", List.of());
    private static final String BREAK = "chain-broken";
    private static final String BREAK_MEMBERS =
            "\"actor\":\"vivarium\",\"door\":\"service\",\"address\":null,\"kind\":\"" + BREAK + '"';
    private static final String REPAIR = "repair";

    private final Path directory;
    private final StateStore state;
    private final InstantSource clock;
    private volatile Limits limits;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock writing = new ReentrantLock();
    private @Nullable LogWriter writer; // null until the files could be taken up
    private volatile Head head = Head.NONE;
    private volatile String damage = ""; // what was found in the files
    private volatile String failure = ""; // why the last change could not be recorded

    /**
     * How much is kept.
     *
     * @param fileBytes the length above which a new file is begun
     * @param olderFiles how many files are kept besides the one that grows
     */
    public record Limits(long fileBytes, int olderFiles) {}

    /**
     * Takes up the change log in {@code home}, and says in its log and in {@link #problem} if it is not whole. Does not
     * fail: what keeps changes from being recorded is told to those who want to change something.
     */
    public ChangeLog(Path home, StateStore state, InstantSource clock, Limits limits) {
        this.directory = home.resolve("changes");
        this.state = state;
        this.clock = clock;
        this.limits = limits;
        writing.lock();
        try {
            takeUp();
        } catch (StateException e) {
            failure = String.valueOf(e.getMessage());
            LOG.error("changes are refused, because they cannot be recorded: {}", failure, e);
        } finally {
            writing.unlock();
        }
    }

    /** Keeps so much from the next record on. */
    public void keep(Limits most) {
        limits = most;
    }

    /** Entries that one thread wants to have written together. */
    private static final class Waiting {
        private final List<Entry> entries;
        private boolean settled; // under writing
        private @Nullable StateException failure;

        Waiting(List<Entry> entries) {
            this.entries = entries;
        }
    }

    /** Returns whether {@code line} says that what is before it was known to be damaged. */
    static boolean isBreak(String line) {
        return line.contains(BREAK_MEMBERS);
    }

    @Override
    public void record(List<Change> changes) {
        StateException why =
                append(changes.stream().map(change -> new Entry(change, null)).toList());
        if (why != null) {
            throw ErrorType.CHANGE_NOT_RECORDED.exception(
                    ErrorContext.of(Objects.requireNonNullElse(changes.get(0).pool(), "")),
                    "the change was not made, because it cannot be recorded: " + why.getMessage());
        }
        AuditLines.ONLY.record(changes);
    }

    @Override
    public void refused(Change change, String why) {
        AuditLines.ONLY.refused(change, why);
        StateException failed = append(List.of(new Entry(change, why)));
        if (failed != null) {
            LOG.error("a refused change is not recorded: {}", failed.getMessage(), failed);
        }
    }

    /** Returns once the entries are on the disk, or why they are not. */
    private @Nullable StateException append(List<Entry> entries) {
        Waiting mine = new Waiting(entries);
        waiting.add(mine);
        writing.lock();
        try {
            if (!mine.settled) {
                writeWaiting();
            }
        } finally {
            writing.unlock();
        }
        return mine.failure;
    }

    /** Writes all that is waiting; under the lock. */
    private void writeWaiting() {
        List<Waiting> all = new ArrayList<>();
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            all.add(next);
        }
        StateException why = null;
        try {
            LogWriter to = takeUp();
            write(to, all.stream().flatMap(each -> each.entries.stream()).toList());
        } catch (StateException e) {
            why = e;
        } catch (RuntimeException | Error e) { // nobody may believe that it was recorded
            why = new StateException(e.toString(), e);
        }
        failure = why == null ? "" : String.valueOf(why.getMessage());
        for (Waiting each : all) {
            each.failure = why;
            each.settled = true;
        }
    }

    private void write(LogWriter to, List<Entry> entries) {
        StringBuilder lines = new StringBuilder();
        Head next = head;
        Instant now = clock.instant();
        for (Entry entry : entries) {
            Link link = ChangeLine.append(lines, next.sequence() + 1, now, entry, next.hash());
            next = next.at(link.sequence(), link.hash());
        }
        byte[] bytes = lines.toString().getBytes(UTF_8);
        try {
            if (to.length() > 0 && to.length() + bytes.length > limits.fileBytes()) {
                to.rotate();
                next = prune(next);
            }
            to.append(bytes, head.sequence() + 1);
        } catch (IOException e) {
            throw cannot("write", e);
        }
        try {
            state.write(HEAD, next.content());
        } catch (StateException e) {
            to.takeBack(bytes.length, e);
            throw e;
        }
        head = next;
    }

    /** Deletes the oldest files, if there are too many, after it was written down where the log begins now. */
    private Head prune(Head now) throws IOException {
        List<Path> paths = LogFiles.paths(directory); // all of them older ones: the next has not been made
        int surplus = paths.size() - limits.olderFiles();
        if (surplus <= 0) {
            return now;
        }
        Link first = LogFiles.first(paths, surplus);
        if (first == null) {
            return now; // damaged: kept until somebody has looked at it
        }
        head = head.from(first);
        state.write(HEAD, head.content());
        for (Path path : paths.subList(0, surplus)) {
            Files.delete(path);
        }
        return now.from(first);
    }

    private StateException cannot(String what, IOException cause) {
        return new StateException(
                "cannot " + what + ' ' + directory.resolve(LogFiles.CURRENT) + ": " + PrivateFiles.cause(cause), cause);
    }

    /** Returns the end of the files, after it has looked at all of them the first time; under the lock. */
    private LogWriter takeUp() {
        LogWriter known = writer;
        if (known != null) {
            return known;
        }
        Head kept = readHead();
        try (LogFiles files = LogFiles.open(directory)) {
            ChainWalk walk = ChainWalk.through(files, kept);
            return takeUp(walk, kept, files);
        } catch (IOException e) {
            throw cannot("read", e);
        }
    }

    private @Nullable Head readHead() {
        return state.read(HEAD)
                .map(content -> Optional.ofNullable(Head.of(content))
                        .orElseThrow(() -> new StateException(
                                state.path(HEAD)
                                        + " is damaged: it has no head of the change log; repair it, or move it"
                                        + " away to begin without it",
                                null)))
                .orElse(null);
    }

    private LogWriter takeUp(ChainWalk walk, @Nullable Head kept, LogFiles files) throws IOException {
        List<Entry> notes = notes(walk, kept == null);
        LogWriter taken = writerAt(walk, files);
        head = reached(walk, kept);
        if (walk.isUnended()) {
            taken.append(new byte[] {'\n'}, walk.firstOfFile()); // that line stays, as it is
        }
        if (!notes.isEmpty()) {
            write(taken, notes);
        } else if (kept == null) {
            state.write(HEAD, head.content()); // before the first record: from now on a missing head shows
        }
        damage = summary(walk, kept == null);
        writer = taken;
        return taken;
    }

    private static Head reached(ChainWalk walk, @Nullable Head kept) {
        Link last = walk.last();
        if (kept == null) {
            return walk.unkept();
        }
        return last == null || last.sequence() <= kept.sequence()
                ? kept
                : kept.at(last.sequence(), last.hash()); // written, and ended before the head was
    }

    private List<Entry> notes(ChainWalk walk, boolean headMissing) {
        List<Entry> notes = new ArrayList<>();
        if (headMissing && walk.last() != null) {
            notes.add(broken(state.path(HEAD) + ", which says where the change log ends, is missing"));
        }
        walk.news().forEach(each -> notes.add(broken(each.toString())));
        if (walk.isTorn()) {
            notes.add(note(
                    REPAIR,
                    "the last line was not finished when the service ended, and was removed: " + walk.tornText()));
        }
        return notes;
    }

    private LogWriter writerAt(ChainWalk walk, LogFiles files) {
        int count = files.parts().size();
        boolean grows = count > 0 && files.parts().get(count - 1).path().endsWith(LogFiles.CURRENT);
        if (!grows) {
            return new LogWriter(directory, 0, 0);
        }
        long length =
                walk.isTorn() ? walk.tornStart() : files.parts().get(count - 1).length();
        return new LogWriter(directory, length, walk.firstOfFile());
    }

    private static String summary(ChainWalk walk, boolean headMissing) {
        List<Verification.Problem> found = walk.result().problems();
        if (found.isEmpty()) {
            return headMissing && walk.last() != null ? "it is not known where the change log ended" : "";
        }
        return "the change log is not whole: " + found.get(0)
                + (found.size() == 1 ? "" : " (and " + (found.size() - 1) + " more)");
    }

    private static Entry broken(String what) {
        LOG.error("the change log is not whole: {}", what);
        return note(BREAK, what);
    }

    private static Entry note(String kind, String what) {
        return new Entry(Change.of(Actor.SERVICE, kind, null).because(what), null);
    }

    /** Returns how many records were ever made. */
    public long sequence() {
        return head.sequence();
    }

    /** Returns the hash of the last record; zeros before the first. */
    public String hash() {
        return head.hash();
    }

    /** Returns what is wrong with the change log in one sentence; empty if nothing is known to be. */
    public String problem() {
        return failure.isEmpty() ? damage : failure;
    }

    /**
     * Goes through all files and compares them with each other and with the last hash.
     *
     * @throws StateException if they cannot be read
     */
    public Verification verify() {
        Head kept;
        LogFiles files;
        writing.lock();
        try {
            kept = readHead();
            files = LogFiles.open(directory);
        } catch (IOException e) {
            throw cannot("read", e);
        } finally {
            writing.unlock();
        }
        try (files) {
            return ChainWalk.through(files, kept).result();
        } catch (IOException e) {
            throw cannot("read", e);
        }
    }

    /**
     * Returns the newest changes that match.
     *
     * @param before only records with a smaller sequence; {@code Long.MAX_VALUE} for all
     * @param limit most records to return
     * @throws StateException if they cannot be read
     */
    public List<ChangeRecord> query(ChangeQuery query, long before, int limit) {
        List<ChangeRecord> newest = new ArrayList<>();
        try (LogFiles files = filesNow()) {
            for (int i = files.parts().size() - 1; i >= 0 && newest.size() < limit; i--) {
                newest.addAll(query.newest(files.parts().get(i), before, limit - newest.size()));
            }
        } catch (IOException e) {
            throw cannot("read", e);
        }
        return newest;
    }

    /** Returns the files as they are between two writes. */
    private LogFiles filesNow() throws IOException {
        writing.lock();
        try {
            return LogFiles.open(directory);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            LogWriter open = writer;
            if (open != null) {
                open.close();
            }
        } finally {
            writing.unlock();
        }
    }
}
