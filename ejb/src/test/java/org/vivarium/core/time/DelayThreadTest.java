package org.vivarium.core.time;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In a JVM of its own each time, because each makes the thread once. */
class DelayThreadTest {

    @Test
    void the_thread_of_timeouts_does_not_know_who_was_the_first_to_ask() throws IOException {
        assertThat(knowsTheFirst("prepared")).isEqualTo("false");
    }

    @Test
    void by_itself_it_does() throws IOException {
        assertThat(knowsTheFirst("unprepared")).isEqualTo("true");
    }

    private static String knowsTheFirst(String how) throws IOException {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ActiveProcessorCount=2", // what is done by the common pool depends on it
                        "-cp",
                        System.getProperty("java.class.path"),
                        Application.class.getName(),
                        how)
                .redirectErrorStream(true)
                .start();
        return new String(jvm.getInputStream().readAllBytes(), UTF_8).strip();
    }

    /** Asks for a timeout as an application does, with a class loader of its own. */
    static final class Application {
        private Application() {}

        public static void main(String[] how) {
            ClassLoader own = new URLClassLoader(new URL[0], null);
            Thread.currentThread().setContextClassLoader(own);
            if (how[0].equals("prepared")) {
                DelayThread.prepare();
            }
            new CompletableFuture<Void>()
                    .completeOnTimeout(null, 1, TimeUnit.MILLISECONDS)
                    .join();
            System.out.println(Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().contains("elayScheduler"))
                    .anyMatch(thread -> own.equals(thread.getContextClassLoader())));
        }
    }
}
