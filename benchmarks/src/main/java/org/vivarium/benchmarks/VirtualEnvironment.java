package org.vivarium.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Python environment with libraries that a benchmark needs; kept for the next run. */
record VirtualEnvironment(Path interpreter) {

    /** Returns the environment in {@code directory}, made if it is not there or cannot import {@code modules}. */
    static VirtualEnvironment of(Path directory, String modules, List<String> libraries)
            throws IOException, InterruptedException {
        Path interpreter = directory.resolve("bin/python");
        if (!Files.exists(interpreter) || run(List.of(interpreter.toString(), "-c", "import " + modules)) != 0) {
            System.out.println("making a virtual environment with " + libraries + " in " + directory);
            demand(List.of("python3", "-m", "venv", directory.toString()));
            List<String> install = new ArrayList<>(
                    List.of(interpreter.toString(), "-m", "pip", "install", "--disable-pip-version-check", "-q"));
            install.addAll(libraries);
            demand(install);
        }
        return new VirtualEnvironment(interpreter);
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .inheritIO()
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start()
                .waitFor();
    }

    private static void demand(List<String> command) throws IOException, InterruptedException {
        int status = run(command);
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with status " + status);
        }
    }
}
