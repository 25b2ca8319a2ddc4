package org.vivarium.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;
import org.vivarium.it.support.PythonProcesses;

/** Clients that send or read slowly, many more than either server has threads for requests, and who else is served. */
@OnServer
class SlowClientsIT {
    private static final int MANY = 250;

    private final DeployedVivarium vivarium = DeployedVivarium.current();
    private final DefaultPool pool = new DefaultPool(vivarium);
    private final List<Socket> slow = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : slow) {
            socket.close();
        }
        pool.assertServes();
    }

    @Test
    void bodies_of_users_that_do_not_come_hold_up_nobody() throws IOException {
        for (int i = 0; i < MANY; i++) {
            send("api/pools/default/programs/echo", "Authorization: " + basic() + "\r\nContent-Length: 1000\r\n", "{");
        }
        assertOthersAreServed();
    }

    @Test
    void bodies_of_strangers_that_do_not_come_hold_up_nobody() throws IOException {
        for (int i = 0; i < MANY; i++) {
            send(i % 2 == 0 ? "api/pools/default/programs/echo" : "login", "Content-Length: 1000\r\n", "u");
        }
        assertOthersAreServed();
    }

    @Test
    void calls_that_wait_hold_up_nobody() {
        for (int i = 0; i < 60; i++) {
            var unused = vivarium.begin("sleep", "{\"seconds\": 0.3}");
        }
        assertThat(vivarium.getAnonymously("api/health/live").statusCode()).isEqualTo(200);
        assertThat(vivarium.get("api/pools/default/calls").statusCode()).isEqualTo(200);
        assertThat(vivarium.patch("api/pools/default/config", "{}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void streams_that_nobody_reads_hold_up_nobody_but_their_workers() throws IOException {
        for (int i = 0; i < 60; i++) {
            String body = "{\"amount\": 1000000}";
            send(
                    "api/pools/default/programs/stream_numbers",
                    "Authorization: " + basic() + "\r\nAccept: text/event-stream\r\nVivarium-Timeout: 3000\r\n"
                            + "Content-Length: " + body.length() + "\r\n",
                    body);
        }
        assertThat(vivarium.getAnonymously("api/health/live").statusCode()).isEqualTo(200);
        assertThat(vivarium.patch("api/pools/default/config", "{}").statusCode())
                .isEqualTo(200);
        DefaultPool.eventually(() -> assertThat(Answer.json(vivarium.get("api/pools/default/calls"))
                        .asJsonObject()
                        .getJsonArray("items"))
                .isEmpty());
    }

    @Test
    void what_nobody_reads_of_a_stream_is_not_kept_in_memory() throws Exception {
        long before = heap();
        for (int i = 0; i < DefaultPool.WORKERS; i++) {
            String body = "{\"amount\": 100000000}";
            send(
                    "api/pools/default/programs/stream_numbers",
                    "Authorization: " + basic() + "\r\nAccept: text/event-stream\r\nVivarium-Timeout: 10000\r\n"
                            + "Content-Length: " + body.length() + "\r\n",
                    body);
        }
        DefaultPool.eventually(() -> assertThat(pool.read("Busy")).isPositive());
        DefaultPool.eventually(() -> assertThat(Answer.json(vivarium.get("api/pools/default/calls"))
                        .asJsonObject()
                        .getJsonArray("items"))
                .isEmpty());

        assertThat(heap() - before)
                .as("bytes that are kept while the connections are open")
                .isLessThan(32 << 20);
    }

    /** Returns what the server's heap holds after a collection, in bytes. */
    private long heap() throws Exception {
        ObjectName memory = new ObjectName("java.lang:type=Memory");
        vivarium.jmx().invoke(memory, "gc", null, null);
        return (Long) ((CompositeData) vivarium.jmx().getAttribute(memory, "HeapMemoryUsage")).get("used");
    }

    @Test
    void stacks_of_a_worker_that_sends_none_hold_up_nobody() throws IOException, InterruptedException {
        JsonObject worker = Answer.json(vivarium.get("api/pools/default/workers"))
                .asJsonArray()
                .getJsonObject(0);
        String path = "api/pools/default/workers/" + worker.getString("id") + "/stacks";
        PythonProcesses.stop(worker.getInt("pid"));
        try {
            for (int i = 0; i < 2 * MANY; i++) { // more than 30 s for all threads of either server
                send(path, "Authorization: " + basic() + "\r\nContent-Length: 0\r\n", "");
            }
            assertThat(vivarium.getAnonymously("api/health/live").statusCode()).isEqualTo(200);
            assertThat(vivarium.patch("api/pools/default/config", "{}").statusCode())
                    .isEqualTo(200);
            assertThat(Problem.of(vivarium.post(path, ""), 500).type()).isEqualTo("StacksNotTaken");
        } finally {
            PythonProcesses.resume(worker.getInt("pid"));
        }
        assertThat(vivarium.post(path, "").body()).contains("vivarium_worker");
    }

    @Test
    void a_call_that_is_sent_again_with_its_key_runs_once() {
        HttpRequest.Builder first = keyed("k-" + System.nanoTime(), "{\"message\":\"once\"}");
        var failure = vivarium.send(first);
        var again = vivarium.send(first);

        assertThat(failure.statusCode()).isEqualTo(500);
        assertThat(failure.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(again.body()).isEqualTo(failure.body()); // with the correlation id of the first
    }

    @Test
    void a_key_of_another_call_is_refused() {
        String key = "\"k-" + System.nanoTime() + '"';
        vivarium.send(keyed(key, "{\"message\":\"one\"}"));
        assertThat(Problem.of(vivarium.send(keyed(key, "{\"message\":\"two\"}")), 422)
                        .type())
                .isEqualTo("IdempotencyKeyReused");
        assertThat(Problem.of(vivarium.send(keyed("a b", "{}")), 422).type()).isEqualTo("InvalidValue");
    }

    @Test
    void a_call_that_cannot_begin_leaves_nobody_waiting_for_its_key() {
        HttpRequest.Builder call = vivarium.request("api/pools/out-of-range/programs/echo")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k-" + System.nanoTime())
                .POST(BodyPublishers.ofString("{}"));
        assertThat(Problem.of(vivarium.send(call), 503).type()).isEqualTo("PoolFailed");
        assertThat(Problem.of(vivarium.send(call), 503).type()).isEqualTo("PoolFailed");
    }

    private HttpRequest.Builder keyed(String key, String inputs) {
        return vivarium.request("api/pools/default/programs/fail")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(inputs));
    }

    private void assertOthersAreServed() {
        assertThat(vivarium.getAnonymously("api/health/live").statusCode()).isEqualTo(200);
        assertThat(vivarium.call("echo", "{\"text\":\"hello\"}").body()).isEqualTo("{\"text\":\"hello\"}");
        assertThat(vivarium.patch("api/pools/default/config", "{}").statusCode())
                .isEqualTo(200);
        var login = HttpRequest.newBuilder(vivarium.uri("login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("user=admin&password=" + vivarium.password()));
        assertThat(vivarium.send(login).headers().firstValue("Set-Cookie")).isPresent();
    }

    private String basic() {
        return "Basic " + Base64.getEncoder().encodeToString(("admin:" + vivarium.password()).getBytes(UTF_8));
    }

    /** Sends a request whose body is at its beginning, or whose answer is not read. */
    private void send(String path, String headers, String body) throws IOException {
        URI uri = vivarium.uri(path);
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        slow.add(socket);
        String type = path.equals("login") ? "application/x-www-form-urlencoded" : "application/json";
        String request = "POST " + uri.getRawPath() + " HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\nContent-Type: "
                + type + "\r\n" + headers + "\r\n" + body;
        socket.getOutputStream().write(request.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }
}
