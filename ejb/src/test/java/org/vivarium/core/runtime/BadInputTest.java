package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.PoolView;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/**
 * A pool that cannot start beside one that can: the operator reads what is wrong, where and what to do, and the other
 * pool serves as if nothing were.
 */
@StartsProcesses
class BadInputTest {
    private static final CallOptions SHORT = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(200));

    @TempDir
    Path directory;

    private RunningService service;

    @AfterEach
    void stop() {
        service.close();
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .as("no Python process outlives the service")
                .isEmpty();
    }

    @Test
    void an_interpreter_that_is_not_there_is_named_with_what_to_do() throws Exception {
        start("python { interpreter = /nowhere/python3, programs = [vivarium_examples] }");

        assertThat(problem())
                .contains("cannot start the Python interpreter '/nowhere/python3'")
                .contains("No such file")
                .contains("install it or set python.interpreter of the pool");
        assertOnlyTheOtherServes();
    }

    @Test
    void an_interpreter_that_is_no_program_is_named_with_what_to_do() throws Exception {
        Path text = Files.writeString(directory.resolve("notes.txt"), "no program");
        start("python { interpreter = \"%s\", programs = [vivarium_examples] }".formatted(text));

        assertThat(problem()).contains(text.toString(), "Permission denied", "set python.interpreter of the pool");
        assertOnlyTheOtherServes();
    }

    @Test
    void an_interpreter_that_is_too_old_says_which_it_is_and_which_is_needed() throws Exception {
        Path old = script("old-python", """
                #!/bin/sh
                # As boot.py runs in Python 3.6: -I -u boot.py
                shift; shift
                exec python3 -I -u - "$@" <<END
                import sys
                sys.version_info = (3, 6, 9)
                sys.executable = "$0"
                exec(compile(open("$1").read(), "$1", "exec"))
                END
                """);
        start("python { interpreter = \"%s\", programs = [vivarium_examples] }".formatted(old));

        assertThat(problem())
                .contains(old + " is Python 3.6.9, but 3.9 or later is needed")
                .contains("set python.interpreter of the pool to a newer one")
                .contains("exited with status 69");
        assertOnlyTheOtherServes();
    }

    @Test
    void an_interpreter_that_says_nothing_and_ends_is_told_by_its_status() throws Exception {
        Path silent = script("silent", "#!/bin/sh\nexit 3\n");
        start("python { interpreter = \"%s\", programs = [vivarium_examples] }".formatted(silent));

        assertThat(problem()).contains("exited with status 3");
        assertOnlyTheOtherServes();
    }

    @Test
    void a_module_that_is_not_there_is_named() throws Exception {
        start("python { programs = [no_such_module] }");

        assertThat(problem())
                .contains("module 'no_such_module' does not import")
                .contains("ModuleNotFoundError: No module named 'no_such_module'");
        assertOnlyTheOtherServes();
    }

    @Test
    void a_module_that_does_not_import_is_told_with_the_last_line_of_its_traceback() throws Exception {
        module("half", "import json\n\ndef broken():\n    return 1 / 0\n\nbroken()\n");
        start("python { path = [\"%s\"], programs = [half] }".formatted(directory));

        assertThat(problem())
                .contains("module 'half' does not import: ZeroDivisionError: division by zero")
                .contains("half.py\", line 4, in broken");
        assertThat(problem().strip()).endsWith("ZeroDivisionError: division by zero");
        assertOnlyTheOtherServes();
    }

    @Test
    void a_syntax_error_is_told_with_file_and_line() throws Exception {
        module("typo", "def one():\n    return 1\n\ndef two(:\n    return 2\n");
        start("python { path = [\"%s\"], programs = [typo] }".formatted(directory));

        assertThat(problem()).contains("module 'typo' does not import: SyntaxError", "typo.py\", line 4");
        assertOnlyTheOtherServes();
    }

    @Test
    void two_programs_of_one_name_are_told_with_both_modules() throws Exception {
        String program = "from vivarium_worker import program\n\n@program\ndef greet():\n    return 'hello'\n";
        module("first", program);
        module("second", program);
        start("python { path = [\"%s\"], programs = [first, second] }".formatted(directory));

        assertThat(problem())
                .contains("two programs are named 'greet': one in module first, one in module second")
                .contains("module 'second' does not import");
        assertOnlyTheOtherServes();
    }

    @Test
    void a_module_that_ends_the_interpreter_is_told_and_does_not_end_the_others() throws Exception {
        module("ends", "import os\nprint('leaving now', flush=True)\nos._exit(5)\n");
        start("python { path = [\"%s\"], programs = [ends] }".formatted(directory));

        assertThat(problem()).contains("fork server").contains("leaving now");
        assertOnlyTheOtherServes();
    }

    @Test
    void a_pool_whose_configuration_is_broken_says_where_and_the_good_pool_serves() throws Exception {
        service = new RunningService(
                directory,
                RunningService.examples(1)
                        + "vivarium.pools.bad { workers { minimum = 0 }, python { programs = [x] } }\n");
        service.awaitReady(1);

        assertThat(bad().state()).isEqualTo("BROKEN");
        assertThat(bad().problem())
                .contains("vivarium.pools.bad.workers.minimum")
                .contains("from 1 to 256")
                .contains("\"0\"");
        assertOnlyTheOtherServes();
    }

    @Test
    void a_key_that_nobody_knows_breaks_its_own_pool_with_a_suggestion() throws Exception {
        service = new RunningService(
                directory,
                RunningService.examples(1)
                        + "vivarium.pools.bad { workers { minimun = 2 }, python { programs = [x] } }\n");
        service.awaitReady(1);

        assertThat(bad().problem()).contains("vivarium.pools.bad.workers.minimun", "workers.minimum");
        assertOnlyTheOtherServes();
    }

    @Test
    void a_module_that_keeps_a_connection_is_told_with_its_peer_until_it_is_mended_and_rolled_out() throws Exception {
        try (ServerSocket database = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String peer = "127.0.0.1:" + database.getLocalPort();
            module(
                    "keeps",
                    "import socket\n\nheld = socket.create_connection(('127.0.0.1', %d))\n"
                            .formatted(database.getLocalPort()));
            start("python { path = [\"%s\"], programs = [keeps] }".formatted(directory));

            assertThat(problem())
                    .startsWith("worker bad-1 could not be forked: ")
                    .endsWith(
                            "workers would share what was opened while module 'keeps' was imported: TCP connection to "
                                    + peer
                                    + ". Do it at the first use or in a function marked @on_start; or set python.start-method ="
                                    + " spawn; or set python.allow-inherited = [\"keeps\"], and close or renew it in a function"
                                    + " marked @on_fork");
            assertOnlyTheOtherServes();
            assertThat(bad().totals().died()).isZero();
        }

        module("keeps", "from vivarium_worker import program\n\n@program\ndef back():\n    return 'here'\n");
        service.operations().pool("bad").rollingRestart(Actor.SERVICE);

        await("the pool has recovered", () -> bad().state().equals("RUNNING"));
    }

    @Test
    void a_pool_that_allows_what_its_module_opens_serves() throws Exception {
        module("keeps", """
                import os
                from vivarium_worker import on_fork, program

                ends = os.pipe()

                @on_fork
                def close():
                    for end in ends:
                        os.close(end)

                @program
                def here():
                    return True
                """);
        service = new RunningService(
                directory,
                "vivarium.pools.default { workers.minimum = 2, python { path = [\"%s\"], programs = [keeps], allow-inherited = [keeps] } }\n"
                        .formatted(directory));

        service.awaitReady(2);
        assertThat(service.call("here", "{}")).isEqualTo("true");
    }

    @Test
    void a_hook_after_the_fork_that_fails_is_told_with_its_place() throws Exception {
        module(
                "renews",
                "from vivarium_worker import on_fork\n\n@on_fork\ndef renew():\n    raise OSError('no way')\n");
        start("python { path = [\"%s\"], programs = [renews] }".formatted(directory));

        assertThat(problem())
                .contains("the on_fork hook renew of module renews (%s/renews.py:3) raised OSError: no way"
                        .formatted(directory))
                .contains("renews.py\", line 5, in renew")
                .doesNotContain("install it");
    }

    @Test
    void an_interpreter_with_too_few_descriptors_says_which_limit_to_raise() throws Exception {
        Path limited = script("limited", "#!/bin/sh\nulimit -n 12\nexec python3 \"$@\"\n");
        module("small", "from vivarium_worker import program\n");
        start("python { interpreter = \"%s\", path = [\"%s\"], programs = [small] }".formatted(limited, directory));

        assertThat(problem()).contains("file descriptor", "raise the limit of open files (ulimit -n, LimitNOFILE");
        assertOnlyTheOtherServes();
    }

    @Test
    void a_mended_module_is_picked_up_by_the_next_try() throws Exception {
        module("mended", "raise RuntimeError('not yet')\n");
        start("recovery { retry-base-delay = 50ms }, python { path = [\"%s\"], programs = [mended] }"
                .formatted(directory));
        assertThat(problem()).contains("RuntimeError: not yet");

        module("mended", "from vivarium_worker import program\n\n@program\ndef back():\n    return 'here'\n");

        await("the pool has recovered", () -> bad().state().equals("RUNNING"));
        assertThat(service.operations()
                        .pool("bad")
                        .call("back", Payload.of("{}".getBytes(UTF_8)), CallOptions.DEFAULT)
                        .json())
                .asString(UTF_8)
                .isEqualTo("\"here\"");
        assertThat(bad().problem()).isNull();
    }

    private void start(String badPool) throws IOException {
        service = new RunningService(
                directory,
                RunningService.examples(1) + "vivarium.pools.bad { workers { minimum = 1 }, " + badPool + " }\n");
        service.awaitReady(1);
        await("the problem is known", () -> bad().problem() != null);
    }

    private PoolView bad() {
        return service.operations().pool("bad").view();
    }

    private String problem() {
        assertThat(bad().state()).isEqualTo("BROKEN");
        return String.valueOf(bad().problem());
    }

    private void assertOnlyTheOtherServes() {
        PythonException failure = catchThrowableOfType(
                PythonException.class,
                () -> service.operations().pool("bad").call("echo", Payload.of("{}".getBytes(UTF_8)), SHORT));
        assertThat(failure.category()).isIn(ErrorCategory.TIMEOUT_ERROR, ErrorCategory.RESOURCE_ERROR);
        assertThat(failure)
                .as("a caller reads what the operator reads")
                .hasMessageContaining("pool 'bad'")
                .hasMessageContaining(String.valueOf(bad().problem()));
        assertThat(service.call("echo", "{\"n\":1}")).isEqualTo("{\"n\":1}");
        assertThat(service.operations().health().down()).containsOnlyKeys("bad");
    }

    private void module(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name + ".py"), text);
    }

    private Path script(String name, String text) throws IOException {
        Path script = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
}
