package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.core.recovery.RestartGovernor;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** The mistakes that everybody makes once: what the page, the log and the answer to a call say about each. */
@StartsProcesses
class BeginnersTest {
    private static final CallOptions SHORT = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(200));
    private static final String PROGRAM = "from vivarium_worker import program\n\n@program\ndef answer(";

    private final CapturedLog governor = new CapturedLog(RestartGovernor.class);
    private final CapturedLog printed = new CapturedLog("vivarium.python.default");

    @TempDir
    Path directory;

    private Path programs;
    private RunningService service;

    @BeforeEach
    void makeDirectory() throws IOException {
        programs = Files.createDirectory(directory.resolve("programs"));
    }

    @AfterEach
    void stop() {
        service.close();
        governor.close();
        printed.close();
    }

    @Test
    void the_decorator_is_forgotten() throws Exception {
        write("crm", "def answer():\n    return 42\n");
        start("crm");

        assertTold("none of the modules of the pool has a program: crm (%s/crm.py); write @program above each "
                + "function that the pool shall call (from vivarium_worker import program)");
    }

    @Test
    void the_module_has_another_name() throws Exception {
        write("crm", PROGRAM + "):\n    return 42\n");
        start("cmr");

        assertTold("module 'cmr' does not import: ModuleNotFoundError: No module named 'cmr'; it is neither in "
                + "python.path (%s) nor installed for <python>: correct python.programs, python.preload or "
                + "python.path; did you mean crm?");
    }

    @Test
    void the_module_is_named_like_its_file() throws Exception {
        write("crm", PROGRAM + "):\n    return 42\n");
        start("crm.py");

        assertThat(problem())
                .contains("module 'crm.py' does not import: ")
                .contains("; the name of a module has no ending: leave out .py and write crm");
    }

    @Test
    void the_program_has_another_name() throws Exception {
        write("crm", PROGRAM + "):\n    return 42\n");
        start("crm");
        service.awaitReady(1);

        assertThat(failure("anwser")).hasMessage("pool 'default' has no program 'anwser'; it has: answer");
    }

    @Test
    void the_syntax_is_wrong() throws Exception {
        write("crm", PROGRAM + ":\n    return 42\n");
        start("crm");

        assertThat(problem())
                .contains("module 'crm' does not import: SyntaxError: ")
                .contains(" in `def answer(:`, at %s/crm.py:4; correct that line: it is no Python 3."
                        .formatted(programs));
    }

    @Test
    void a_package_is_missing() throws Exception {
        write("crm", "import pandaz\n" + PROGRAM + "):\n    return 42\n");
        start("crm");

        assertTold("module 'crm' does not import: ModuleNotFoundError: No module named 'pandaz', at %s/crm.py:1; "
                + "install the package that has pandaz for <python>, or add its directory to python.path");
    }

    @Test
    void what_is_printed_is_neither_flushed_nor_ended() throws Exception {
        write("crm", PROGRAM + "):\n    print('working', end='')\n    return 42\n");
        start("crm");
        service.awaitReady(1);

        assertThat(service.call("answer", "{}")).isEqualTo("42");
        await("the line", () -> printed.messages().contains("INFO stdout: working"));
    }

    private void start(String module) throws IOException {
        service = new RunningService(directory, """
                vivarium.pools.default {
                  workers { minimum = 1, maximum = 1 }
                  python { path = ["%s"], programs = ["%s"] }
                }
                """.formatted(programs, module));
        await("the start", () -> service.view().ready() == 1 || service.view().problem() != null);
    }

    /** Asserts that the page, the log and the answer to a call say {@code sentence}, which has the directory as %s. */
    private void assertTold(String sentence) {
        String expected = sentence.formatted(programs);
        assertThat(problem()).contains(expected);
        assertThat(governor.messages())
                .anySatisfy(line -> assertThat(plain(line))
                        .startsWith(
                                "WARN pool 'default': worker default-1 could not start: vivarium.conf (built in):3: "
                                        + expected));
        assertThat(plain(failure("answer").getMessage())).contains(expected);
    }

    private String problem() {
        assertThat(service.view().state()).isEqualTo("BROKEN");
        return plain(String.valueOf(service.view().problem()));
    }

    private PythonException failure(String program) {
        return catchThrowableOfType(
                PythonException.class,
                () -> service.operations().pool("default").call(program, Payload.of("{}".getBytes(UTF_8)), SHORT));
    }

    /** Leaves out where the interpreter is. */
    private static String plain(String text) {
        return text.replaceAll("for /\\S*/python[\\d.]*", "for <python>");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(programs.resolve(name + ".py"), text);
    }
}
