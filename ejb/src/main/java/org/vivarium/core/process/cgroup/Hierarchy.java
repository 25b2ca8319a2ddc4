package org.vivarium.core.process.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directories of the groups that the JVM is in, for one controller, as far up as this process can see.
 *
 * @param unified whether they are of version 2
 * @param levels the own group first; empty if the controller is not mounted
 */
record Hierarchy(boolean unified, List<Path> levels) {
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");
    private static final int OCTAL_RADIX = 8;

    // Fields of /proc/self/mountinfo and of /proc/self/cgroup: see proc(5) and cgroups(7).
    private static final int MOUNT_ROOT = 3;
    private static final int MOUNT_POINT = 4;
    private static final int MOUNT_FIELDS = 6;
    private static final int FILE_SYSTEM_FIELDS = 3;
    private static final int GROUP_FIELDS = 3;

    /** Returns the directories of {@code controller}: of version 1 if that has it, as in hybrid systems, else of 2. */
    static Hierarchy of(Membership self, String controller) {
        Predicate<String> names = list -> Arrays.asList(list.split(",", -1)).contains(controller);
        List<Path> separate = levels(self, (type, options) -> type.equals("cgroup") && names.test(options), names);
        return separate.isEmpty()
                ? new Hierarchy(true, levels(self, (type, options) -> type.equals("cgroup2"), String::isEmpty))
                : new Hierarchy(false, separate);
    }

    private static List<Path> levels(Membership self, FileSystem wanted, Predicate<String> controllers) {
        String group = group(self.groups(), controllers);
        return self.mounts().stream()
                .map(line -> mount(line, wanted))
                .filter(mount -> !mount.isEmpty())
                .map(mount -> levels(self.root(), mount.get(0), mount.get(1), group))
                .findFirst()
                .orElse(List.of());
    }

    /** Returns the path of the own group as the kernel tells it; the topmost if it does not. */
    private static String group(List<String> groups, Predicate<String> controllers) {
        return groups.stream()
                .map(line -> line.split(":", GROUP_FIELDS))
                .filter(fields -> fields.length == GROUP_FIELDS && controllers.test(fields[1]))
                .map(fields -> fields[2])
                .findFirst()
                .orElse("/");
    }

    /** Returns root and mount point of a line that is {@code wanted}; nothing of any other. */
    private static List<String> mount(String line, FileSystem wanted) {
        int middle = line.indexOf(" - "); // optional fields end there
        if (middle < 0) {
            return List.of();
        }
        String[] mount = line.substring(0, middle).split(" ", -1);
        String[] system = line.substring(middle + 3).split(" ", FILE_SYSTEM_FIELDS);
        boolean fits = mount.length >= MOUNT_FIELDS
                && system.length == FILE_SYSTEM_FIELDS
                && wanted.test(system[0], system[2]);
        return fits ? List.of(unescaped(mount[MOUNT_ROOT]), unescaped(mount[MOUNT_POINT])) : List.of();
    }

    private static String unescaped(String path) {
        return OCTAL.matcher(path)
                .replaceAll(found -> Matcher.quoteReplacement(
                        Character.toString((char) Integer.parseInt(found.group(1), OCTAL_RADIX))));
    }

    /**
     * Returns the directories from that of {@code group} up to the mount point. A container often sees its own group as
     * the mount point, and the path to it from a point of view that it does not share: then that is all there is.
     */
    private static List<Path> levels(Path root, String mountRoot, String mountPoint, String group) {
        Path top = root.resolve(mountPoint.substring(1)).normalize();
        String prefix = mountRoot.equals("/") ? "" : mountRoot;
        boolean below = group.equals(prefix) || group.startsWith(prefix + '/');
        Path own = top.resolve("./" + (below ? group.substring(prefix.length()) : ""))
                .normalize();
        if (!own.startsWith(top) || !Files.isDirectory(own)) {
            own = top;
        }
        List<Path> levels = new ArrayList<>();
        for (Path level = own; level != null && level.startsWith(top); level = level.getParent()) {
            levels.add(level);
        }
        return levels;
    }

    /**
     * What the kernel says of where this process is.
     *
     * @param root of the file system, {@code /} but for tests
     * @param mounts lines of {@code /proc/self/mountinfo}
     * @param groups lines of {@code /proc/self/cgroup}
     */
    record Membership(Path root, List<String> mounts, List<String> groups) {
        static Membership read(Path root) {
            return new Membership(
                    root,
                    CgroupFiles.lines(root.resolve("proc/self/mountinfo")),
                    CgroupFiles.lines(root.resolve("proc/self/cgroup")));
        }
    }

    /** Says whether a mounted file system is one of ours. */
    private interface FileSystem {
        boolean test(String type, String options);
    }
}
