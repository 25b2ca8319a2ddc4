package org.vivarium.core.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.testing.StartsProcesses;

/** One service at a time in a home directory. */
@StartsProcesses
class HomeLockTest {
    @TempDir
    private Path directory;

    /** Holds the lock of the directory in its argument until it is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        HomeLock lock = HomeLock.take(Path.of(arguments[0]));
        System.out.println("held");
        TimeUnit.MINUTES.sleep(5);
        lock.close();
    }

    @Test
    void a_second_one_in_the_same_jvm_is_refused_until_the_first_has_ended() {
        Path home = directory.resolve("home");
        HomeLock first = HomeLock.take(home);

        assertThatThrownBy(() -> HomeLock.take(home))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "%s is used by another service (process %d); stop that one, or name another directory by"
                                + " -Dvivarium.home",
                        home, ProcessHandle.current().pid());

        first.close();
        HomeLock.take(home).close();
    }

    @Test
    void one_in_another_process_is_refused_until_that_is_killed() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HomeLockTest.class.getName(),
                        directory.toString())
                .redirectError(directory.resolve("errors").toFile())
                .start();
        try {
            assertThat(other.inputReader().readLine())
                    .as(Files.readString(directory.resolve("errors")))
                    .startsWith("held");

            assertThatThrownBy(() -> HomeLock.take(directory)).hasMessageContaining("(process " + other.pid() + ")");
        } finally {
            other.destroyForcibly().waitFor();
        }
        HomeLock.take(directory).close();
    }
}
