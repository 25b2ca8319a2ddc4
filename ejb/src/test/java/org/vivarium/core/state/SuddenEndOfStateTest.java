package org.vivarium.core.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.testing.StartsProcesses;

@StartsProcesses
class SuddenEndOfStateTest {
    private static final int KILLS = 20;

    @TempDir
    Path home;

    @Test
    void a_process_that_is_killed_while_it_writes_leaves_a_whole_document_no_older_than_it_said() throws Exception {
        StateStore store = new StateStore(home);
        Random moments = new Random(7);
        int next = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            int said = writeUntilKilled(next, 1 + moments.nextInt(3), kill % 2 == 0);

            Map<String, Object> content = store.read(StateWriter.COUNT).orElseThrow();
            assertThat(content).containsEntry("bulk", StateWriter.BULK).containsEntry("z", content.get("a"));
            assertThat((Integer) content.get("a")).isGreaterThanOrEqualTo(said);
            next = (Integer) content.get("a") + 1;
        }
    }

    /**
     * Kills a writer after so many documents, if wanted once it can be seen to write the next one; returns what it said
     * last.
     */
    private int writeUntilKilled(int first, int documents, boolean midst) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(java("-Xshare:auto", home.toString(), Integer.toString(first)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int said = -1;
        try (BufferedReader out = new BufferedReader(new InputStreamReader(writer.getInputStream(), UTF_8))) {
            for (int i = 0; i < documents; i++) {
                said = Integer.parseInt(out.readLine());
            }
            while (midst && Files.notExists(home.resolve("state/count.json.new"))) {
                Thread.onSpinWait();
            }
            writer.toHandle().destroyForcibly(); // Process.destroyForcibly would close the stream
            writer.waitFor();
            for (String late = out.readLine(); late != null; late = out.readLine()) {
                said = late.matches("\\d+") && Integer.parseInt(late) == said + 1 ? said + 1 : said;
            }
        }
        return said;
    }

    @Test
    void a_disk_that_takes_no_more_leaves_the_old_document_and_is_told_with_path_and_cause() throws Exception {
        StateStore store = new StateStore(home);
        store.write(StateWriter.COUNT, Map.of("a", 1));
        List<String> limited = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f 4; exec \"$@\"", "sh"));
        limited.addAll(java("-XX:-UsePerfData", home.toString(), "2"));

        Process writer = new ProcessBuilder(limited).redirectErrorStream(true).start();
        String said = new String(writer.getInputStream().readAllBytes(), UTF_8);

        assertThat(writer.waitFor()).isEqualTo(1);
        assertThat(said).contains("StateException: cannot write " + store.path(StateWriter.COUNT) + ": File too large");
        assertThat(store.read(StateWriter.COUNT)).contains(Map.of("a", 1));
        assertThat(home.resolve("state"))
                .isDirectoryNotContaining(file -> file.toString().endsWith(".new"));
    }

    private static List<String> java(String option, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-cp",
                System.getProperty("java.class.path"),
                StateWriter.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
