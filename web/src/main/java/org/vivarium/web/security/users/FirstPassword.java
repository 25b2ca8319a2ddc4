package org.vivarium.web.security.users;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file with the password that was generated for {@code admin}, until that has another. */
final class FirstPassword {
    private static final Logger LOG = LoggerFactory.getLogger(FirstPassword.class);

    private final Path path;

    FirstPassword(Path path) {
        this.path = path;
    }

    void write(String password) throws IOException {
        PrivateFile.replace(path, password + '\n');
    }

    /** Returns where it is; empty if there is none. */
    Optional<Path> file() {
        return Files.exists(path) ? Optional.of(path) : Optional.empty();
    }

    /** Deletes the file if it does not hold the password of {@code admin}, who may be gone. */
    void deleteUnlessOf(@Nullable User admin) {
        if (!Files.exists(path)) {
            return;
        }
        try {
            String password = Files.readString(path).strip();
            if (admin == null || !admin.password().matches(password)) {
                Files.deleteIfExists(path);
                LOG.info("deleted {}, because the password in it does not count any more", path);
            }
        } catch (IOException e) {
            LOG.warn("cannot delete {}, which is of no use any more; delete it by hand", path, e);
        }
    }
}
