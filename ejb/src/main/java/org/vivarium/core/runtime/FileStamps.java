package org.vivarium.core.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** How files look from outside, to see whether they were changed, replaced, made or removed. Immutable. */
record FileStamps(Map<Path, String> stamps) {

    static FileStamps of(Collection<Path> files) {
        Map<Path, String> stamps = new TreeMap<>();
        files.forEach(file -> stamps.put(file, stamp(file)));
        return new FileStamps(stamps);
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.size() + " " + now.lastModifiedTime() + ' ' + now.fileKey();
        } catch (IOException e) { // there is none, which is a look of its own
            return "none";
        }
    }
}
