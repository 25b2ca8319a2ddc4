package org.vivarium.core.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM that was started with LC_ALL=C cannot pass on breaks the pool that asks for it, and nothing else. */
class EncodingTest {
    private static final String ENCODED = ": the server was started with the encoding ";

    @TempDir
    Path directory;

    @Test
    void what_the_encoding_of_the_server_lacks_breaks_its_own_pool_with_file_and_line() throws Exception {
        Path file = Files.writeString(directory.resolve("vivarium.conf"), """
                vivarium.pools {
                  good.python { path = [lib], environment { LANG = C } }
                  path.python.path = ["größe"]
                  interpreter.python.interpreter = "größe/python"
                  command.python.interpreter = "pythön"
                  variable.python.environment.WHAT = "größe"
                }
                """);

        List<String> answer = inC(file);

        assertThat(answer).hasSize(5);
        assertThat(answer.get(0))
                .startsWith("command " + file + ":5: vivarium.pools.command.python.interpreter ")
                .contains(ENCODED)
                .contains("start it with LC_ALL=C.UTF-8");
        assertThat(answer.get(1)).startsWith("interpreter " + file + ":4: ").contains(ENCODED);
        assertThat(answer.get(2)).startsWith("path " + file + ":3: ").contains(ENCODED);
        assertThat(answer.get(3))
                .startsWith("variable " + file + ":6: ")
                .contains(ENCODED)
                .doesNotContain("gr");
        assertThat(answer.get(4)).isEqualTo("good: [good]");
    }

    private static List<String> inC(Path file) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EncodingTest.class.getName(),
                file.toString());
        builder.environment().put("LC_ALL", "C");
        builder.redirectErrorStream(true);
        Process process = builder.start();
        String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(answer).isZero();
        return answer.lines().toList();
    }

    /** Prints what is wrong with each pool of a file, then the pools that are right. */
    public static void main(String... arguments) {
        Configuration configuration = new ConfigurationReader(new ConfigurationSources(
                        "", Optional.of(Path.of(arguments[0])), Map.of(), Map.of(), Path.of("/examples")))
                .read();
        new TreeMap<>(configuration.brokenPools()).forEach((pool, problem) -> System.out.println(pool + ' ' + problem));
        System.out.println("good: "
                + configuration.pools().stream().map(PoolDefinition::name).toList());
    }
}
