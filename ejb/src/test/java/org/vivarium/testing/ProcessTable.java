package org.vivarium.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel says about processes, read from {@code /proc}. */
public final class ProcessTable {
    private ProcessTable() {}

    /** Returns the processes whose environment has the whole entry {@code entry}; a zombie has none. */
    public static List<Long> withEnvironment(String entry) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> List.of(read(pid, "environ").split("\0")).contains(entry))
                .toList();
    }

    /** Returns whether {@code pid} still runs; a zombie does not. */
    public static boolean runs(long pid) {
        return !List.of("", "Z", "X").contains(state(pid));
    }

    /** Returns the zombies among the children of {@code parent}. */
    public static List<Long> zombiesBelow(long parent) {
        return ProcessHandle.of(parent).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .filter(pid -> state(pid).equals("Z"))
                .toList();
    }

    /** Returns how many descriptors this process has open. */
    public static long openDescriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends one signal to several processes at once. */
    public static void signal(String name, List<Long> pids) {
        if (!trySignal(name, pids)) {
            throw new AssertionError("kill -%s %s failed".formatted(name, pids));
        }
    }

    /** Sends one signal to several processes at once; {@code false} if one of them has gone. */
    public static boolean trySignal(String name, List<Long> pids) {
        String[] command = Stream.concat(
                        Stream.of("kill", "-" + name), pids.stream().map(String::valueOf))
                .toArray(String[]::new);
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Returns the letter for what the main thread of {@code pid} does; empty if there is no such process. */
    public static String state(long pid) {
        String stat = read(pid, "stat");
        int name = stat.lastIndexOf(')'); // which may hold anything
        return name < 0 ? "" : stat.substring(name + 2, name + 3);
    }

    private static String read(long pid, String file) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc", Long.toString(pid), file)), UTF_8);
        } catch (IOException e) {
            return ""; // gone meanwhile, or not ours to read: neither is what was asked for
        }
    }
}
