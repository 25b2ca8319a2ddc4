package org.vivarium.it.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.management.MBeanServerConnection;
import org.jspecify.annotations.Nullable;

/**
 * The service under test, seen from outside: its REST interface, its MBeans, its process and its files.
 *
 * <p>Paths are relative to {@code /vivarium/}. Requests carry the credentials of {@code admin} unless a method says
 * otherwise, and fail after {@value #TIMEOUT_SECONDS} seconds; redirections are not followed. Thread safe.
 */
public final class DeployedVivarium {

    private static final int TIMEOUT_SECONDS = 30;
    private static final DeployedVivarium CURRENT = new DeployedVivarium(TestRun.current());

    private final TestRun run;
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable ServerProcess process;

    private DeployedVivarium(TestRun run) {
        this.run = run;
    }

    /** Returns the one that this run deployed. */
    public static DeployedVivarium current() {
        return CURRENT;
    }

    /** Returns the address of {@code path}. */
    public URI uri(String path) {
        return run.server().resolve("/vivarium/").resolve(path);
    }

    /** Returns the answer to a GET. */
    public HttpResponse<String> get(String path) {
        return send(request(path));
    }

    /** Returns the answer to a GET without credentials. */
    public HttpResponse<String> getAnonymously(String path) {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    /** Returns the answer to a POST of {@code json}. */
    public HttpResponse<String> post(String path, String json) {
        return send(
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json, UTF_8)));
    }

    /** Returns the answer to a PATCH with {@code json}. */
    public HttpResponse<String> patch(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(json, UTF_8)));
    }

    /** Returns the answer to a call of {@code program} of the pool {@code default}. */
    public HttpResponse<String> call(String program, String inputs) {
        return post("api/pools/default/programs/" + program, inputs);
    }

    /** Begins a call of {@code program} of the pool {@code default}. */
    public CompletableFuture<HttpResponse<String>> begin(String program, String inputs) {
        HttpRequest request = request("api/pools/default/programs/" + program)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(inputs, UTF_8))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString(UTF_8));
    }

    /** Returns a request with credentials, for what has no method here. */
    public HttpRequest.Builder request(String path) {
        return request("admin", path);
    }

    /** Returns a request with the credentials of {@code user}; all users have the password of the run. */
    public HttpRequest.Builder request(String user, String path) {
        byte[] credentials = (user + ':' + run.password()).getBytes(UTF_8);
        return HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }

    /** Returns the password of all users. */
    public String password() {
        return run.password();
    }

    /** Sends {@code request} and waits for the whole answer. */
    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            var timed = request.timeout(Duration.ofSeconds(TIMEOUT_SECONDS)).build();
            return http.send(timed, BodyHandlers.ofString(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    /**
     * Returns the first line of the answer to {@code request}, and closes the connection before there are more; by
     * HTTP/1.1, for a stream of HTTP/2 has no connection of its own.
     */
    public String firstLineOf(HttpRequest.Builder request) {
        try (InputStream body = http.send(
                                request.version(HttpClient.Version.HTTP_1_1).build(), BodyHandlers.ofInputStream())
                        .body();
                BufferedReader lines = new BufferedReader(new InputStreamReader(body, UTF_8))) {
            return lines.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    /** Returns the server's MBeans, read in the way of JConsole: by a local attach. */
    public MBeanServerConnection jmx() {
        return process().jmx();
    }

    /** Returns the server's process. Never end it: other tests need it. */
    public ProcessHandle server() {
        return process().handle();
    }

    /** Returns the TCP addresses that the server listens on, such as {@code 0100007F:1F90} for 127.0.0.1:8080. */
    public List<String> listeners() {
        return process().listeners();
    }

    /** Returns the service's own directory. */
    public Path home() {
        return run.home();
    }

    /** Returns the log that the service writes. */
    public Path log() {
        return run.logDirectory().resolve("vivarium.log");
    }

    /** Returns the log of the server that the service runs on. */
    public Path serverLog() {
        return run.logDirectory().resolve("server.log");
    }

    private synchronized ServerProcess process() {
        if (process == null) {
            try {
                process = ServerProcess.of(run);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return process;
    }
}
