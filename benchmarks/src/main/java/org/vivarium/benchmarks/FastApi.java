package org.vivarium.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An echo by FastAPI and uvicorn, in a virtual environment of its own. */
final class FastApi {
    private static final List<String> LIBRARIES = List.of("fastapi", "uvicorn[standard]");

    private FastApi() {}

    /** Starts the server. */
    static StartedServer start(Path directory, int port, int workers) throws IOException, InterruptedException {
        VirtualEnvironment environment =
                VirtualEnvironment.of(directory.resolve("venv"), "fastapi, uvicorn", LIBRARIES);
        try (InputStream source = FastApi.class.getResourceAsStream("/fastapi_echo.py")) {
            Files.write(directory.resolve("fastapi_echo.py"), source.readAllBytes());
        }
        return new StartedServer(
                List.of(
                        environment.interpreter().toString(),
                        "-m",
                        "uvicorn",
                        "fastapi_echo:app",
                        "--app-dir=" + directory,
                        "--host=127.0.0.1",
                        "--port=" + port,
                        "--workers=" + workers,
                        "--no-access-log"),
                directory.resolve("uvicorn.out"));
    }
}
