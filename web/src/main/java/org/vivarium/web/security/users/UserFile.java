package org.vivarium.web.security.users;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads and writes {@code users.conf}: one user per line, name, roles with commas, and password, divided by blanks. */
final class UserFile {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,64}");
    private static final String PLAIN = "plain:";
    private static final String HEADER = """
            # Users of Vivarium: name, roles (with commas), password; read again when it changes.
            # Roles: vivarium-viewer sees, vivarium-caller calls programs, vivarium-operator sees and operates, vivarium-admin may do all.
            # To add a user or change a password write the password as plain:SECRET (no blanks); it is replaced by its hash when it is read.
            """;

    private final Path path;

    UserFile(Path path) {
        this.path = path;
    }

    boolean exists() {
        return Files.exists(path);
    }

    /** Returns something that differs whenever the file does. */
    long version() throws IOException {
        return 31 * Files.getLastModifiedTime(path).toMillis() + Files.size(path);
    }

    /**
     * Returns the users by name; a password found in plain text has been replaced by its hash in the file.
     *
     * @throws IOException if the file cannot be read, or a line of it not understood; the message says which
     */
    Map<String, User> read() throws IOException {
        Map<String, User> users = new LinkedHashMap<>();
        boolean plain = false;
        int number = 0;
        for (String line : Files.readAllLines(path)) {
            number++;
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                User user = parse(text, number);
                users.put(user.name(), user);
                plain |= text.contains(" " + PLAIN);
            }
        }
        if (plain) {
            write(users);
        }
        return users;
    }

    private User parse(String text, int number) throws IOException {
        List<String> words = List.of(text.split("\\s+"));
        if (words.size() != 3 || !NAME.matcher(words.get(0)).matches()) {
            throw new IOException(
                    path + ":" + number + ": a line is a name, roles with commas, and a password, divided by blanks");
        }
        try {
            Set<Role> roles =
                    Arrays.stream(words.get(1).split(",")).map(Role::of).collect(Collectors.toSet());
            String password = words.get(2);
            PasswordHash hash = password.startsWith(PLAIN)
                    ? PasswordHash.of(password.substring(PLAIN.length()))
                    : PasswordHash.parse(password);
            return new User(words.get(0), roles, hash);
        } catch (IllegalArgumentException e) {
            throw new IOException(path + ":" + number + ": " + e.getMessage(), e);
        }
    }

    /** Replaces the file as a whole; only its owner can read it. */
    void write(Map<String, User> users) throws IOException {
        String lines = users.values().stream()
                .map(user -> user.name() + ' ' + roles(user) + ' ' + user.password() + '\n')
                .collect(Collectors.joining());
        PrivateFile.replace(path, HEADER + lines);
    }

    private static String roles(User user) {
        return user.roles().stream().map(Role::code).collect(Collectors.toCollection(TreeSet::new)).stream()
                .collect(Collectors.joining(","));
    }
}
