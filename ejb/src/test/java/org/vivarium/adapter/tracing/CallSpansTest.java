package org.vivarium.adapter.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.vivarium.testing.RunningService.await;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.core.trace.CallTracer;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Calls of real workers as spans of the real SDK. */
@StartsProcesses
class CallSpansTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final CallContext TRACED =
            CallContext.correlated("c1").withTrace("00-" + TRACE + "-" + PARENT + "-01", "a=1", "b=2");

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build();

    @TempDir
    Path runs;

    @TempDir
    Path files;

    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        String configuration = RunningService.examplesAndMisbehaviour(1)
                + "vivarium.pools.default.recovery { retry-base-delay = 20 ms }\n";
        service = new RunningService(runs, configuration).awaitReady(1);
        CallTracer tracer = OpenTelemetryTracer.offered(List.of(sdk));
        service.runtime().telemetry().traceBy(tracer);
    }

    @AfterEach
    void stop() {
        service.close();
        sdk.close();
    }

    @Test
    void a_call_is_a_child_of_the_callers_trace_and_the_worker_sees_the_child() {
        String seen = service.call("trace", "{}", CallOptions.DEFAULT.withContext(TRACED));

        SpanData span = onlySpan();
        assertThat(span.getName()).isEqualTo("trace");
        assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(PARENT);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(seen).isEqualTo("[\"00-" + TRACE + "-" + span.getSpanId() + "-01\",\"a=1\",\"b=2\"]");
        assertThat(text(span, "vivarium.pool")).isEqualTo("default");
        assertThat(text(span, "vivarium.worker")).isEqualTo("default-1");
        assertThat(text(span, "vivarium.program")).isEqualTo("trace");
        assertThat(text(span, "vivarium.correlation_id")).isEqualTo("c1");
        assertThat(text(span, "vivarium.outcome")).isEqualTo("SUCCEEDED");
        assertThat(span.getAttributes().get(AttributeKey.longKey("vivarium.attempts")))
                .isEqualTo(1);
    }

    @Test
    void the_current_span_is_the_parent_if_the_caller_names_no_trace_or_the_same_one() {
        Span outer = sdk.getTracer("test").spanBuilder("outer").startSpan();
        String traceId = outer.getSpanContext().getTraceId();
        CallContext same = CallContext.NONE.withTrace("00-" + traceId + "-" + PARENT + "-01", null, null);
        try (Scope scope = outer.makeCurrent()) {
            assertThat(scope).isNotNull();
            service.call("echo", "{}");
            service.call("echo", "{}", CallOptions.DEFAULT.withContext(same));
            service.call("echo", "{}", CallOptions.DEFAULT.withContext(TRACED));
        }

        await("all spans", () -> finished().size() == 3);
        assertThat(finished().subList(0, 2))
                .allMatch(span ->
                        span.getParentSpanId().equals(outer.getSpanContext().getSpanId()));
        assertThat(finished().get(2).getParentSpanId()).isEqualTo(PARENT);
        outer.end();
    }

    @Test
    void failures_and_timeouts_are_errors_and_what_was_cancelled_is_none() {
        CallOptions shortly = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(50));
        assertThat(catchThrowable(() -> service.call("fail", "{}"))).isNotNull();
        assertThat(catchThrowable(() -> service.call("sleep", "{\"seconds\":60}", shortly)))
                .isNotNull();
        Payload inputs = Payload.of("{\"seconds\":60}".getBytes(StandardCharsets.UTF_8));
        CompletableFuture<Payload> cancelled = service.pool()
                .calls()
                .callAsync(
                        "sleep", inputs, CallOptions.DEFAULT, service.runtime().executor());
        cancelled.cancel(true);
        await("all spans", () -> finished().size() == 3);

        assertThat(finished())
                .extracting(span -> span.getStatus().getStatusCode())
                .containsExactly(StatusCode.ERROR, StatusCode.ERROR, StatusCode.UNSET);
        assertThat(finished())
                .extracting(span -> text(span, "vivarium.outcome"))
                .containsExactly("FAILED", "TIMED_OUT", "CANCELLED");
        assertThat(text(finished().get(1), "error.type")).isEqualTo("CallTimeout");
        assertThat(finished().get(1).getStatus().getDescription()).contains("did not end within 50 ms");
    }

    @Test
    void a_call_that_is_made_again_is_one_span_with_its_retries_as_events() {
        service.call("crash_at_first", "{\"directory\":\"" + files + "\",\"times\":1}");

        SpanData span = onlySpan();
        assertThat(span.getAttributes().get(AttributeKey.longKey("vivarium.attempts")))
                .isEqualTo(2);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(span.getEvents()).singleElement().satisfies(event -> {
            assertThat(event.getName()).isEqualTo("retry");
            assertThat(event.getAttributes().get(AttributeKey.stringKey("error.type")))
                    .isEqualTo("WorkerLost");
        });
    }

    @Test
    void a_tracing_that_does_nothing_is_not_used() {
        assertThat(OpenTelemetryTracer.offered(List.of(OpenTelemetry.noop()))).isNull();
        assertThat(OpenTelemetryTracer.offered(List.of())).isNull();
    }

    private SpanData onlySpan() {
        await("the span", () -> finished().size() == 1);
        return finished().get(0);
    }

    private List<SpanData> finished() {
        return spans.getFinishedSpanItems();
    }

    private static String text(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.stringKey(name));
    }
}
