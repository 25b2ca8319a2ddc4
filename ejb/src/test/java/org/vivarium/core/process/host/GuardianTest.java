package org.vivarium.core.process.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What to do about an interpreter that cannot be started. */
class GuardianTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Cannot run program "python3": error=2, No such file or directory         | set python.interpreter
            Cannot run program "python3": error=24, Too many open files              | ulimit -n, LimitNOFILE
            Cannot run program "python3": error=23, Too many open files in system    | fs.file-max
            Cannot run program "python3": error=11, Resource temporarily unavailable | ulimit -u, TasksMax
            """)
    void a_limit_of_the_system_is_not_taken_for_a_missing_interpreter(String message, String remedy) {
        assertThat(Guardian.remedy(message)).contains(remedy);
    }
}
