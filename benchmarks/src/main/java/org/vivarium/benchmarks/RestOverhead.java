package org.vivarium.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a call over REST costs, as ratios to a bare JAX-RS echo in the same WildFly and to an echo by FastAPI.
 *
 * <p>Rounds of the three are interleaved. Arguments: rounds (default 5), seconds per round (default 3), workers of the
 * pool and of uvicorn (default 2). The system property {@code vivarium.port.offset} (default 300) shifts all ports.
 */
public final class RestOverhead {
    private static final String INPUTS = "{\"text\":\"hello\"}";
    private static final int[] CONNECTIONS = {1, 4, 16};
    private static final int WARM_UP_SECONDS = 10;
    private static final int WARM_UP_REQUESTS = 60_000; // of each, for the compilers of the server
    private static final double NANOS_PER_MICRO = 1e3;

    private final int rounds;
    private final int seconds;

    private RestOverhead(int rounds, int seconds) {
        this.rounds = rounds;
        this.seconds = seconds;
    }

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        RestOverhead benchmark = new RestOverhead(number(arguments, 0, 5), number(arguments, 1, 3));
        int workers = number(arguments, 2, 2);
        int offset = Integer.getInteger("vivarium.port.offset", 300);
        int port = 8080 + offset;
        int fastApiPort = 8000 + offset;
        Path root = Path.of(System.getProperty("vivarium.root", "")).toAbsolutePath();
        Path directory = Files.createDirectories(root.resolve("benchmarks/target/rest"));
        String password = UUID.randomUUID().toString();
        try (StartedServer wildFly = WildFly.start(root, directory, offset, settings(workers, password));
                StartedServer fastApi = FastApi.start(directory, fastApiPort, workers)) {
            benchmark.compare(List.of(
                    new Contender("vivarium", wildFly, "java", port, call(password)),
                    new Contender("bare", wildFly, "java", port, HttpConnection.post("/bare/echo", "", INPUTS)),
                    new Contender(
                            "fastapi", fastApi, "python", fastApiPort, HttpConnection.post("/echo", "", INPUTS))));
        }
    }

    private static int number(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private static List<String> settings(int workers, String password) {
        return List.of(
                "-Dvivarium.admin.password=" + password,
                "-Dvivarium.pools.default.workers.minimum=" + workers,
                "-Dvivarium.pools.default.workers.maximum=" + workers);
    }

    private static String call(String password) {
        String credentials = Base64.getEncoder().encodeToString(("admin:" + password).getBytes(UTF_8));
        return HttpConnection.post(
                "/vivarium/api/pools/default/programs/echo", "Authorization: Basic " + credentials + "\r\n", INPUTS);
    }

    private void compare(List<Contender> contenders) throws IOException, InterruptedException {
        System.out.printf(
                "%d rounds of %d s, %d CPUs; processor time in microseconds per request%n",
                rounds, seconds, Runtime.getRuntime().availableProcessors());
        for (Contender contender : contenders) {
            contender.server.await(contender.port, contender.request);
        }
        for (Contender contender : contenders) {
            double requests = 0;
            while (requests < WARM_UP_REQUESTS) {
                requests += contender.round(4, WARM_UP_SECONDS).result.perSecond() * WARM_UP_SECONDS;
            }
        }
        for (int connections : CONNECTIONS) {
            Map<Contender, List<Sample>> samples = new LinkedHashMap<>();
            contenders.forEach(contender -> samples.put(contender, new ArrayList<>()));
            for (int round = 0; round < rounds; round++) {
                for (Contender contender : contenders) {
                    samples.get(contender).add(contender.round(connections, seconds));
                }
            }
            print(connections, samples);
        }
    }

    private static void print(int connections, Map<Contender, List<Sample>> samples) {
        System.out.printf(
                "%n%-14s %9s %9s %9s %9s %9s %9s%n",
                connections + " connections", "calls/s", "p50 us", "p99 us", "server", "workers", "client");
        samples.forEach((contender, own) -> System.out.printf(
                Locale.ROOT,
                "%-14s %9.0f %9.0f %9.0f %9.0f %9.0f %9.0f   calls/s of each round %s%n",
                contender.name,
                median(own, sample -> sample.result.perSecond()),
                median(own, sample -> sample.result.p50()),
                median(own, sample -> sample.result.p99()),
                median(own, Sample::server),
                median(own, Sample::workers),
                median(own, Sample::client),
                own.stream()
                        .map(sample -> Math.round(sample.result.perSecond()))
                        .toList()));
        List<List<Sample>> all = List.copyOf(samples.values());
        List<Contender> contenders = List.copyOf(samples.keySet());
        for (int other = 1; other < all.size(); other++) {
            List<Sample> own = all.get(0);
            List<Sample> others = all.get(other);
            System.out.printf(
                    Locale.ROOT,
                    "vivarium / %-7s calls/s %.2f, p50 %.2f, p99 %.2f, processor time of server and workers %.2f%n",
                    contenders.get(other).name,
                    ratio(own, others, sample -> sample.result.perSecond()),
                    ratio(own, others, sample -> sample.result.p50()),
                    ratio(own, others, sample -> sample.result.p99()),
                    ratio(own, others, sample -> sample.server + sample.workers));
        }
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> of) {
        return Rounds.median(samples.stream().map(of::applyAsDouble).toList());
    }

    /** Returns the median of the ratios of neighbouring rounds. */
    private static double ratio(List<Sample> own, List<Sample> others, ToDoubleFunction<Sample> of) {
        return Rounds.median(IntStream.range(0, own.size())
                .mapToObj(i -> of.applyAsDouble(own.get(i)) / of.applyAsDouble(others.get(i)))
                .toList());
    }

    /** One round: what callers saw, and processor time in microseconds per request. */
    private record Sample(Rounds.Result result, double server, double workers, double client) {}

    /** One of those that are compared; {@code program} is the executable of its server. */
    private record Contender(String name, StartedServer server, String program, int port, String request) {

        Sample round(int connections, int seconds) throws IOException, InterruptedException {
            List<HttpConnection> open = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                open.add(new HttpConnection(port, request));
            }
            Duration serverBefore = server.used(program);
            Duration allBefore = server.used("");
            Duration clientBefore = client();
            Rounds.Result result =
                    Rounds.run(open.stream().<Runnable>map(Contender::echo).toList(), seconds * 1_000L);
            double requests = result.perSecond() * seconds;
            double serverMicros = micros(serverBefore, server.used(program));
            Sample sample = new Sample(
                    result,
                    serverMicros / requests,
                    (micros(allBefore, server.used("")) - serverMicros) / requests,
                    micros(clientBefore, client()) / requests);
            for (HttpConnection connection : open) {
                connection.close();
            }
            return sample;
        }

        private static Runnable echo(HttpConnection connection) {
            return () -> {
                String answer = connection.exchange();
                if (!answer.equals(INPUTS)) {
                    throw new AssertionError("not what was sent: " + answer);
                }
            };
        }

        private static Duration client() {
            return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        }

        private static double micros(Duration before, Duration after) {
            return after.minus(before).toNanos() / NANOS_PER_MICRO;
        }
    }
}
