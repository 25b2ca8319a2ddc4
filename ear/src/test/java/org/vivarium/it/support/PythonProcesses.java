package org.vivarium.it.support;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** The Python processes below a server, as the operating system shows them: guardians, fork servers, workers. */
public final class PythonProcesses {

    private PythonProcesses() {}

    /** Returns the processes that fork servers made: their own children are not among them. */
    public static List<Long> workersOf(ProcessHandle server) {
        return server.children()
                .flatMap(PythonProcesses::liveChildren)
                .flatMap(PythonProcesses::liveChildren)
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Returns every live process below {@code server}. */
    public static List<Long> all(ProcessHandle server) {
        return server.descendants()
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Ends one process as {@code kill -9} does. */
    public static void kill(long pid) {
        if (!ProcessHandle.of(pid).orElseThrow().destroyForcibly()) {
            throw new IllegalStateException("process " + pid + " cannot be killed");
        }
    }

    /** Stops one process as {@code kill -STOP} does: it lives, and does nothing. */
    public static void stop(long pid) throws IOException, InterruptedException {
        signal("-STOP", pid);
    }

    /** Has a stopped process go on. */
    public static void resume(long pid) throws IOException, InterruptedException {
        signal("-CONT", pid);
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        int status =
                new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("kill " + signal + ' ' + pid + " ended with status " + status);
        }
    }

    private static Stream<ProcessHandle> liveChildren(ProcessHandle process) {
        return process.children().filter(ProcessHandle::isAlive);
    }
}
