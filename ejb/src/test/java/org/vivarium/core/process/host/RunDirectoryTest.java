package org.vivarium.core.process.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void is_for_this_user_only_and_holds_the_socket() throws Exception {
        try (RunDirectory run = RunDirectory.create(parent)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run.root())))
                    .isEqualTo("rwx------");
            assertThat(run.root()).isEqualTo(parent.resolve("vivarium-" + run.runId()));
            assertThat(run.socket().getParent()).isEqualTo(run.root());
        }
    }

    @Test
    void two_runs_have_two_ids() throws Exception {
        try (RunDirectory one = RunDirectory.create(parent);
                RunDirectory two = RunDirectory.create(parent)) {
            assertThat(one.runId()).isNotEqualTo(two.runId());
        }
    }

    @Test
    void leaves_nothing_behind_when_it_is_closed() throws Exception {
        RunDirectory run = RunDirectory.create(parent);
        run.unpack(zip(Map.of("src/a.py", "pass", "examples/b/c.py", "")));
        run.close();

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void unpacks_files_into_their_directories() throws Exception {
        try (RunDirectory run = RunDirectory.create(parent)) {
            run.unpack(zip(Map.of("src/pkg/a.py", "x = 1\n")));

            assertThat(run.python().resolve("src/pkg/a.py")).hasContent("x = 1\n");
        }
    }

    @Test
    void refuses_an_archive_that_would_write_elsewhere() throws Exception {
        try (RunDirectory run = RunDirectory.create(parent)) {
            assertThatThrownBy(() -> run.unpack(zip(Map.of("../../escaped.py", "pass"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("../../escaped.py");
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void a_path_that_is_too_long_for_a_socket_is_refused_with_what_to_do() throws Exception {
        Path deep = Files.createDirectories(parent.resolve("d".repeat(100)));

        assertThatThrownBy(() -> RunDirectory.create(deep))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long for a socket")
                .hasMessageContaining("vivarium.run.dir");
        assertThat(deep).isEmptyDirectory();
    }

    @Test
    void a_directory_that_cannot_be_made_is_an_error_that_names_it() {
        Path missing = parent.resolve("missing");

        assertThatThrownBy(() -> RunDirectory.create(missing))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(missing.toString());
    }

    private static InputStream zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(UTF_8));
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
