package org.vivarium.core.process.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.process.procfs.ProcessIdentity;

/**
 * Ends what an earlier run could not end itself, because server, guardian and fork server were killed in one instant.
 *
 * <p>A process is ours only if its environment has the whole entry {@code VIVARIUM_RUN=<id>} of a run whose directory
 * nobody holds locked: never by name, and by PID only through a handle that checks the start time.
 */
final class OrphanSweep {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);
    private static final int ROUNDS = 20;

    /** Names the run in the environment of every process of ours. */
    static final String RUN_VARIABLE = "VIVARIUM_RUN";

    private OrphanSweep() {}

    /**
     * Sweeps all abandoned runs below {@code parent} and deletes their directories; returns how many processes were
     * ended.
     */
    static int sweepAbandoned(Path parent) {
        int killed = 0;
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(parent, RunDirectory.PREFIX + "*")) {
            for (Path run : runs) {
                if (isAbandoned(run)) {
                    String runId = run.getFileName().toString().substring(RunDirectory.PREFIX.length());
                    killed += sweep(RUN_VARIABLE + "=" + runId);
                    RunDirectory.delete(run);
                    LOG.info("swept the abandoned run {}", run);
                }
            }
        } catch (IOException e) {
            LOG.warn("cannot look for abandoned runs in {}", parent, e);
        }
        return killed;
    }

    private static boolean isAbandoned(Path run) {
        Path lock = run.resolve(RunDirectory.LOCK);
        try {
            // Opening and closing our own lock file would give up our own lock: POSIX locks belong to the process.
            if (Files.readString(run.resolve(RunDirectory.OWNER)).equals(RunDirectory.thisProcess())) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                    FileLock held = channel.tryLock()) {
                return held != null;
            }
        } catch (IOException | OverlappingFileLockException e) {
            LOG.debug("not ours to sweep: {}", run, e); // another user's, or deleted meanwhile
            return false;
        }
    }

    /**
     * Kills all processes whose environment has the whole entry {@code entry}, until a look finds none; returns how
     * many.
     */
    static int sweep(String entry) {
        int killed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessHandle> found = processesWith(entry).toList();
            if (found.isEmpty()) {
                return killed;
            }
            killed +=
                    (int) found.stream().filter(ProcessHandle::destroyForcibly).count();
            found.forEach(OrphanSweep::awaitExit);
        }
        LOG.error("processes with {} come back faster than they can be killed", entry);
        return killed;
    }

    /** Kills {@code process} unless its id has been given to another one since. */
    static void kill(ProcessIdentity process) {
        ProcessHandle.of(process.pid()).ifPresent(handle -> {
            if (!process.hasEnded()) { // looked at after the handle was made, which is of the same process then
                handle.destroyForcibly();
            }
        });
    }

    private static void awaitExit(ProcessHandle process) {
        process.onExit()
                .orTimeout(1, TimeUnit.SECONDS)
                .exceptionally(timeout -> process)
                .join();
    }

    private static Stream<ProcessHandle> processesWith(String entry) {
        return ProcessHandle.allProcesses().filter(process -> hasEntry(process.pid(), entry));
    }

    private static boolean hasEntry(long pid, String entry) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
            return List.of(new String(environment, StandardCharsets.UTF_8).split("\0"))
                    .contains(entry);
        } catch (IOException e) {
            return false; // gone meanwhile, or another user's
        }
    }
}
