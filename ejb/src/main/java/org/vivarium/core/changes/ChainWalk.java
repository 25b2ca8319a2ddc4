package org.vivarium.core.changes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.changes.ChangeLine.Link;
import org.vivarium.core.changes.Verification.Problem;

/** Goes through the change log line by line and notes where it is not what was once written. For one thread. */
final class ChainWalk {
    private final @Nullable Head head;
    private final List<Problem> problems = new ArrayList<>();
    private String file = LogFiles.CURRENT;
    private long line;
    private long records;
    private long firstOfFile;
    private @Nullable Link first;
    private @Nullable Link last;
    private boolean unended;
    private @Nullable Problem torn;
    private long tornStart;
    private String tornText = "";
    private int told; // so many of the problems were recorded by an earlier start

    private ChainWalk(@Nullable Head head) {
        this.head = head;
    }

    /** Returns a walk through all of {@code files}, compared with {@code head} if it is known. */
    static ChainWalk through(LogFiles files, @Nullable Head head) throws IOException {
        ChainWalk walk = new ChainWalk(head);
        for (LogFiles.Part part : files.parts()) {
            walk.begin(String.valueOf(part.path().getFileName()));
            LogFiles.read(part, walk::line);
        }
        walk.end();
        return walk;
    }

    private void begin(String name) {
        notTorn(); // a file that was followed by another one had been finished
        file = name;
        line = 0;
        firstOfFile = 0;
        unended = false;
    }

    private void line(String text, long start, boolean ended) {
        notTorn();
        line++;
        unended = !ended;
        Link link = ChangeLine.link(text);
        if (link == null || !ended) {
            torn = new Problem(file, line, "is not a whole record");
            tornStart = start;
            tornText = text;
            return;
        }
        records++;
        firstOfFile = firstOfFile == 0 ? link.sequence() : firstOfFile;
        check(link);
        if (ChangeLog.isBreak(text)) {
            told = problems.size();
        }
    }

    private void notTorn() {
        if (torn != null) {
            problems.add(torn);
            torn = null;
        }
    }

    private void check(Link link) {
        if (!link.sound()) {
            problem("the record " + link.sequence() + " was edited: its hash is not that of its text");
        }
        Link before = last;
        if (before == null) {
            first = link;
            checkFirst(link);
        } else if (link.sequence() <= before.sequence()) {
            problem("the record " + link.sequence() + " stands after " + before.sequence() + ", out of order");
            return; // what follows is compared with the place where it should be
        } else if (link.sequence() > before.sequence() + 1) {
            missing(before.sequence() + 1, link.sequence() - 1, "before this line");
        } else if (!link.previous().equals(before.hash())) {
            problem("the record before " + link.sequence() + " was replaced: this one follows another");
        }
        checkHead(link);
        last = link;
    }

    private void checkHead(Link link) {
        if (head != null && link.sequence() == head.sequence() && !link.hash().equals(head.hash())) {
            problem("the record " + link.sequence() + " was replaced: its hash is not the one kept apart");
        }
    }

    private void checkFirst(Link link) {
        if (head == null) {
            return;
        }
        if (link.sequence() > head.first()) {
            missing(head.first(), link.sequence() - 1, "before this line");
        } else if (link.sequence() == head.first() && !link.previous().equals(head.anchor())) {
            problem("the record before " + link.sequence() + " was replaced: this one follows another");
        }
    }

    private void end() {
        long reached = last == null ? 0 : last.sequence();
        if (head != null && reached < head.sequence()) {
            notTorn(); // what is torn had been acknowledged
            missing(Math.max(reached + 1, head.first()), head.sequence(), "after this line");
        }
    }

    private void missing(long from, long to, String where) {
        problem((from == to ? "the record " + from + " is" : "the records " + from + " to " + to + " are") + " missing "
                + where);
    }

    private void problem(String what) {
        problems.add(new Problem(file, line, what));
    }

    /** Returns what is wrong, apart from a last line that was never finished. */
    Verification result() {
        return new Verification(records, problems);
    }

    /** Returns what is wrong and was not yet recorded as such. */
    List<Problem> news() {
        return List.copyOf(problems.subList(told, problems.size()));
    }

    /** Returns the last record in the order of sequences; {@code null} without any. */
    @Nullable Link last() {
        return last;
    }

    /** Returns the sequence of the first record of the last file; 0 without any. */
    long firstOfFile() {
        return firstOfFile;
    }

    /** Returns the head that the files suggest if none was kept. */
    Head unkept() {
        return first == null || last == null ? Head.NONE : Head.NONE.from(first).at(last.sequence(), last.hash());
    }

    /** Returns whether the last line, which stays, has no end. */
    boolean isUnended() {
        return unended && torn == null;
    }

    /** Returns whether the last line was never finished, because the process ended while it was written. */
    boolean isTorn() {
        return torn != null;
    }

    /** Returns where that line begins in its file. */
    long tornStart() {
        return tornStart;
    }

    /** Returns what there is of that line. */
    String tornText() {
        return tornText;
    }
}
