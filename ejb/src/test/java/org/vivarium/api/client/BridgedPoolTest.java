package org.vivarium.api.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.naming.NameNotFoundException;
import org.junit.jupiter.api.Test;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.PoolResourceException;
import org.vivarium.api.PoolSystemException;
import org.vivarium.api.ProgramException;
import org.vivarium.api.PythonException;
import org.vivarium.api.PythonPool;
import org.vivarium.api.PythonSession;
import org.vivarium.api.WorkerLostException;
import org.vivarium.api.client.bridge.Bridge;
import org.vivarium.api.client.bridge.BridgeConnection;
import org.vivarium.api.client.bridge.CallerJson;

public class BridgedPoolTest {
    private static final Logger YASSON = Logger.getLogger("org.eclipse.yasson"); // held, or its level is forgotten

    private final FakeService service = new FakeService();
    private final PythonPool pool = new BridgedPool("default", new BridgeConnection(() -> service));

    /** As applications write them. */
    public record Text(String text, int words) {}

    private record Holder(List<Summary> summaries) {}

    /** As applications write them. */
    public record Summary(String summary, int seen, List<String> tags) {}

    @Test
    void a_record_goes_in_and_a_record_comes_out() {
        service.answers.add(json("{\"summary\":\"short\",\"seen\":1,\"tags\":[\"a\",\"b\"]}"));

        Summary summary = pool.call("summarize", new Text("a long text", 50), Summary.class);

        assertThat(summary).isEqualTo(new Summary("short", 1, List.of("a", "b")));
        assertThat(service.lastInputs()).isEqualTo("{\"text\":\"a long text\",\"words\":50}");
        assertThat(service.lastOperation).isEqualTo("call");
        assertThat(service.lastArguments).startsWith("default", "summarize").endsWith(null, 0, Map.of());
    }

    @Test
    void options_cross_as_jdk_types_only() {
        service.answers.add(json("1"));
        CallContext context = new CallContext("s1", "c1", null, null, null, null, null);

        int one = pool.call("count", null, Integer.class, new CallOptions(Duration.ofSeconds(2), 7, context));

        assertThat(one).isEqualTo(1);
        assertThat(service.lastInputs()).isEmpty();
        assertThat(service.lastArguments).endsWith(2_000L, 7, Map.of("session", "s1", "correlation_id", "c1"));
    }

    @Test
    void a_null_result_is_null() {
        service.answers.add(json("null"));

        assertThat(pool.call("nothing", Map.of(), Summary.class)).isNull();
    }

    @Test
    void a_generic_result_type_is_kept() {
        service.answers.add(json("[{\"summary\":\"x\",\"seen\":2,\"tags\":[]}]"));
        Type listOfSummaries = Holder.class.getRecordComponents()[0].getGenericType();

        List<Summary> list = pool.call("all", null, listOfSummaries, CallOptions.DEFAULT);

        assertThat(list).containsExactly(new Summary("x", 2, List.of()));
    }

    @Test
    void a_failure_arrives_as_its_own_kind_with_all_details() {
        ErrorContext where = new ErrorContext("default", "default-3", "summarize", null, "c1", 0.5, 12.5, 1);
        ErrorDetails details = new ErrorDetails(
                ErrorCategory.COMMUNICATION_ERROR,
                "WorkerLost",
                "worker default-3 was killed by signal 9",
                null,
                null,
                where,
                false);
        service.answers.add(details.toMap());

        assertThatThrownBy(() -> pool.call("summarize", null, Summary.class))
                .isInstanceOf(WorkerLostException.class)
                .asInstanceOf(type(PythonException.class))
                .extracting(PythonException::details)
                .isEqualTo(details);
    }

    @Test
    void a_result_that_does_not_fit_names_the_class_and_shows_the_json() {
        service.answers.add(json("\"" + "x".repeat(500) + "\""));

        assertThatThrownBy(() -> pool.call("summarize", null, Summary.class))
                .isInstanceOf(ProgramException.class)
                .hasMessageStartingWith(
                        "the result of program summarize of pool default cannot be read as org.vivarium.api.client.BridgedPoolTest$Summary: \"xxx")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300))
                .extracting(e -> ((PythonException) e).type())
                .isEqualTo("ResultMismatch");
    }

    @Test
    void inputs_that_are_no_json_object_are_refused_before_they_are_sent() {
        YASSON.setLevel(Level.OFF); // says itself that a getter failed
        for (Object inputs : List.of("text", 5, List.of(1), Map.of("x", Double.NaN), new Unwritable())) {
            assertThatThrownBy(() -> pool.call("summarize", inputs, Summary.class))
                    .isInstanceOf(InvalidCallException.class)
                    .hasMessageStartingWith(
                            "the inputs of program summarize of pool default cannot be written as a JSON object: ")
                    .extracting(e -> ((PythonException) e).type())
                    .isEqualTo("InvalidInput");
        }
        assertThat(service.calls).isZero();
    }

    @Test
    void an_asynchronous_call_completes_with_the_result_or_the_python_exception_itself() {
        CompletableFuture<Object> running = new CompletableFuture<>();
        service.answers.add(running);
        CompletableFuture<Summary> answered = pool.callAsync(
                        "summarize", Map.of("a", 1), Summary.class, CallOptions.DEFAULT)
                .toCompletableFuture();
        assertThat(service.lastOperation).isEqualTo("callAsync");
        assertThat(answered).isNotDone();
        running.complete(json("{\"summary\":\"s\",\"seen\":0}"));
        assertThat(answered).isCompletedWithValue(new Summary("s", 0, null));

        service.answers.add(CompletableFuture.completedFuture(new ErrorDetails(
                        ErrorCategory.PROGRAM_ERROR,
                        "ValueError",
                        "no",
                        "trace",
                        null,
                        ErrorContext.of("default", "p"),
                        false)
                .toMap()));
        List<Throwable> seen = new ArrayList<>();
        pool.callAsync("p", null, Summary.class, CallOptions.DEFAULT)
                .whenComplete((value, failure) -> seen.add(failure));
        assertThat(seen).singleElement().isInstanceOf(ProgramException.class);
    }

    @Test
    void an_asynchronous_call_with_bad_inputs_or_a_stopping_service_fails_in_its_stage() {
        assertThat(pool.callAsync("p", 5, Summary.class, CallOptions.DEFAULT))
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(InvalidCallException.class);

        service.answers.add(CompletableFuture.supplyAsync(() -> {
            throw new IllegalStateException("stopped");
        }));
        assertThat(pool.callAsync("p", null, Summary.class, CallOptions.DEFAULT))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(PoolResourceException.class);
    }

    @Test
    void whoever_completes_the_stage_before_the_answer_cancels_the_call() {
        List<CompletableFuture<Object>> running = List.of(new CompletableFuture<>(), new CompletableFuture<>());
        service.answers.addAll(running);

        assertThat(pool.callAsync("p", null, Integer.class, CallOptions.DEFAULT)
                        .toCompletableFuture()
                        .cancel(true))
                .isTrue();
        pool.callAsync("p", null, Integer.class, CallOptions.DEFAULT)
                .toCompletableFuture()
                .completeExceptionally(new TimeoutException());

        assertThat(running).allMatch(CompletableFuture::isCancelled);
    }

    @Test
    void an_answered_stage_leaves_the_service_alone() {
        CompletableFuture<Object> running = CompletableFuture.completedFuture(json("1"));
        service.answers.add(running);

        assertThat(pool.<Integer>callAsync("p", null, (Type) Integer.class, CallOptions.DEFAULT))
                .isCompletedWithValue(1);
        assertThat(running.isCancelled()).isFalse();
    }

    @Test
    void key_idempotency_and_progress_cross_as_jdk_types_behind_the_rest() {
        List<String> heard = new ArrayList<>();
        service.answers.add(json("1"));

        pool.call(
                "p",
                null,
                Integer.class,
                CallOptions.DEFAULT
                        .withKey("k")
                        .withIdempotent(true)
                        .withProgress((fraction, message) -> heard.add(fraction + " " + message)));

        assertThat(service.lastArguments).hasSize(9).contains("k", true);
        @SuppressWarnings("unchecked") // the contract of the bridge
        BiConsumer<Double, String> progress = (BiConsumer<Double, String>) service.lastArguments[8];
        progress.accept(0.5, "half way");
        assertThat(heard).containsExactly("0.5 half way");
    }

    @Test
    void a_session_puts_its_id_into_every_call() {
        service.answers.addAll(List.of(json("1"), json("2"), CompletableFuture.completedFuture(json("3"))));
        PythonSession session = pool.session("s1");

        session.call("count", null, Integer.class);
        assertThat(service.lastArguments).endsWith(null, 0, Map.of("session", "s1"));
        session.call(
                "count",
                null,
                Integer.class,
                CallOptions.DEFAULT.withContext(CallContext.correlated("c1").withSession("other")));
        assertThat(service.lastArguments).endsWith(Map.of("session", "s1", "correlation_id", "c1"));
        assertThat(session.callAsync("count", null, Integer.class, CallOptions.DEFAULT))
                .isCompletedWithValue(3);
        assertThat(service.lastArguments).endsWith(Map.of("session", "s1"));
        assertThat(session).hasToString("session s1 of pool default");
    }

    @Test
    void after_a_redeployment_the_new_service_is_found_within_the_same_call() {
        Deque<FakeService> deployed = new ArrayDeque<>(List.of(new FakeService(), new FakeService()));
        FakeService old = deployed.getFirst();
        PythonPool surviving = new BridgedPool("default", new BridgeConnection(() -> {
            if (deployed.isEmpty()) {
                throw new NameNotFoundException(Bridge.JNDI_NAME);
            }
            return deployed.getFirst();
        }));
        old.answers.add(json("1"));
        deployed.getLast().answers.add(json("2"));
        assertThat(surviving.<Integer>call("p", null, Integer.class)).isEqualTo(1);

        old.stopped = true;
        deployed.removeFirst();
        assertThat(surviving.<Integer>call("p", null, Integer.class)).isEqualTo(2);

        deployed.removeFirst().stopped = true;
        assertThatThrownBy(() -> surviving.call("p", null, Integer.class))
                .isInstanceOf(PoolResourceException.class)
                .hasMessage(
                        "cannot call program p of pool default: the Vivarium service is not deployed on this server, or is being redeployed")
                .satisfies(e -> assertThat(((PythonException) e).retryable()).isTrue())
                .extracting(e -> ((PythonException) e).type())
                .isEqualTo("ServiceUnavailable");
    }

    @Test
    void whatever_else_the_service_throws_is_its_own_fault() {
        PythonPool broken = new BridgedPool("default", new BridgeConnection(() -> (operation, arguments) -> {
            throw new UnsupportedOperationException("boom");
        }));

        assertThatThrownBy(() -> broken.call("p", null, Integer.class))
                .isInstanceOf(PoolSystemException.class)
                .hasMessageContaining("boom");
    }

    @Test
    void json_passes_as_it_is() {
        service.answers.add(json("[1]"));

        assertThat(pool.callJson("p", "{\"a\":1}".getBytes(UTF_8), CallOptions.DEFAULT))
                .isEqualTo("[1]".getBytes(UTF_8));
        assertThat(service.lastInputs()).isEqualTo("{\"a\":1}");
    }

    @Test
    void a_passivated_pool_comes_back_under_its_name() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(pool);
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(((PythonPool) in.readObject()).name()).isEqualTo("default");
        }
    }

    @Test
    void each_context_class_loader_has_its_own_json() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        CallerJson mine = CallerJson.ofThread();
        try {
            thread.setContextClassLoader(new ClassLoader(before) {});
            assertThat(CallerJson.ofThread()).isNotSameAs(mine).isSameAs(CallerJson.ofThread());
            thread.setContextClassLoader(null);
            assertThat(CallerJson.ofThread()).isNotNull();
        } finally {
            thread.setContextClassLoader(before);
        }
        assertThat(CallerJson.ofThread()).isSameAs(mine);
    }

    @Test
    void the_names_of_all_pools_are_asked_from_the_service() {
        service.answers.add(new String[] {"default", "models"});

        assertThat(PythonPools.names(new BridgeConnection(() -> service))).containsExactly("default", "models");
    }

    private static byte[] json(String text) {
        return text.getBytes(UTF_8);
    }

    /** A bean whose getter fails. */
    public static final class Unwritable {
        /** Fails. */
        @SuppressWarnings("DoNotCallSuggester")
        public String getText() {
            throw new IllegalArgumentException("no text");
        }
    }
}
