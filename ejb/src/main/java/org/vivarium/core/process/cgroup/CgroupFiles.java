package org.vivarium.core.process.cgroup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Reads small files of the kernel; what is missing, unreadable or no number is as if it were not there. */
final class CgroupFiles {
    private CgroupFiles() {}

    /** Returns the lines of {@code file}; none if it cannot be read. */
    static List<String> lines(Path file) {
        try {
            return new String(Files.readAllBytes(file), UTF_8).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Returns the words of the first line of {@code file}. */
    static List<String> words(Path file) {
        return lines(file).stream()
                .limit(1)
                .flatMap(line -> List.of(line.strip().split(" +", -1)).stream())
                .toList();
    }

    /** Returns the number that {@code file} consists of. */
    static OptionalLong number(Path file) {
        List<String> words = words(file);
        return words.size() == 1 ? number(words.get(0)) : OptionalLong.empty();
    }

    /** Returns the number behind {@code key} in {@code file}, which has one of them in each line. */
    static OptionalLong number(Path file, String key) {
        String prefix = key + ' ';
        return lines(file).stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> number(line.substring(prefix.length()).strip()))
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    /** Returns what {@code word} says if it is a number that is not negative and fits. */
    static OptionalLong number(String word) {
        try {
            return word.matches("\\d{1,19}") ? OptionalLong.of(Long.parseLong(word)) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty(); // 2^63 or more
        }
    }
}
