package org.vivarium.api.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.Payload;
import org.vivarium.api.ProgramException;
import org.vivarium.api.PythonPool;
import org.vivarium.api.PythonStream;
import org.vivarium.api.client.bridge.Bridge;
import org.vivarium.api.client.bridge.BridgeConnection;

class BridgedStreamTest {
    private final FakeService service = new FakeService();
    private final PythonPool pool = new BridgedPool("default", new BridgeConnection(() -> service));

    private record Types(List<Integer> list) {}

    @Test
    void chunks_are_read_one_by_one_and_typed() {
        FakeChunks chunks = new FakeChunks("[1,2]", "[3]");
        service.answers.add(chunks);
        Type listOfNumbers = Types.class.getRecordComponents()[0].getGenericType();

        try (PythonStream<List<Integer>> stream = pool.stream("p", null, listOfNumbers, CallOptions.DEFAULT)) {
            assertThat(service.lastOperation).isEqualTo("stream");
            assertThat(chunks.taken).isZero();
            assertThat(stream.hasNext()).isTrue();
            assertThat(stream.hasNext()).isTrue();
            assertThat(chunks.taken).isEqualTo(1);
            assertThat(stream.next()).containsExactly(1, 2);
            assertThat(stream.next()).containsExactly(3);
            assertThat(stream.hasNext()).isFalse();
            assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
        }
        assertThat(chunks.closed).isEqualTo(1);
    }

    @Test
    void a_chunk_may_have_binary_data() {
        byte[] data = {1, 2};
        service.answers.add(
                new FakeChunks(Bridge.value(new Payload("{\"$bytes\":0}".getBytes(UTF_8), List.of(data))), "null"));

        PythonStream<byte[]> stream = pool.stream("p", null, byte[].class, CallOptions.DEFAULT);

        assertThat(stream.next()).isSameAs(data);
        assertThat(stream.next()).isNull();
    }

    @Test
    void a_failure_comes_after_the_chunks_before_it_and_stays() {
        service.answers.add(new FakeChunks("1", failure(ErrorCategory.PROGRAM_ERROR, "ValueError")));
        PythonStream<Integer> stream = pool.stream("p", null, Integer.class, CallOptions.DEFAULT);

        assertThat(stream.next()).isEqualTo(1);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(stream::hasNext)
                    .isInstanceOf(ProgramException.class)
                    .hasMessage("no");
        }
        assertThatThrownBy(stream::next).isInstanceOf(ProgramException.class);
    }

    @Test
    void a_call_that_cannot_be_made_fails_at_once() {
        service.answers.add(failure(ErrorCategory.VALIDATION_ERROR, "UnknownProgram"));

        assertThatThrownBy(() -> pool.stream("p", null, Integer.class, CallOptions.DEFAULT))
                .isInstanceOf(InvalidCallException.class);
    }

    @Test
    void a_chunk_that_does_not_fit_is_a_mismatch() {
        service.answers.add(new FakeChunks("\"text\""));
        PythonStream<Integer> stream = pool.stream("p", null, Integer.class, CallOptions.DEFAULT);

        assertThatThrownBy(stream::next)
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining("cannot be read as java.lang.Integer");
    }

    @Test
    void a_java_stream_takes_only_what_it_needs_and_closes_it() {
        FakeChunks chunks = FakeChunks.numbers(100);
        service.answers.add(chunks);

        try (Stream<Integer> stream = pool.stream("p", null, Integer.class, CallOptions.DEFAULT).stream()) {
            assertThat(stream.map(number -> number * 2).limit(3)).containsExactly(0, 2, 4);
            assertThat(chunks.taken).isEqualTo(3);
        }
        assertThat(chunks.closed).isEqualTo(1);
    }

    @Test
    void a_subscriber_gets_exactly_what_it_asks_for_and_nothing_is_read_ahead() {
        FakeChunks chunks = FakeChunks.numbers(4);
        Subscriber subscriber = subscribe(chunks, Runnable::run);
        assertThat(chunks.taken).isZero();

        subscriber.subscription.request(1);
        assertThat(subscriber.heard).containsExactly("0");
        subscriber.subscription.request(2);
        assertThat(subscriber.heard).containsExactly("0", "1", "2");
        assertThat(chunks.taken).isEqualTo(3);

        subscriber.subscription.request(Long.MAX_VALUE);
        subscriber.subscription.request(Long.MAX_VALUE);
        assertThat(subscriber.heard).containsExactly("0", "1", "2", "3", "complete");
        assertThat(chunks.closed).isEqualTo(1);
    }

    @Test
    void a_subscriber_may_ask_for_more_from_within_and_is_not_entered_twice() {
        Subscriber subscriber = subscribe(FakeChunks.numbers(20_000), Runnable::run);
        subscriber.asksForOneMore = true;

        subscriber.subscription.request(1);

        assertThat(subscriber.heard).hasSize(20_001).endsWith("19999", "complete");
        assertThat(subscriber.deepest).isEqualTo(1);
    }

    @Test
    void a_cancelled_subscription_closes_the_stream_and_hears_nothing_more() {
        FakeChunks chunks = FakeChunks.numbers(4);
        Subscriber subscriber = subscribe(chunks, Runnable::run);
        subscriber.subscription.request(1);

        subscriber.subscription.cancel();
        subscriber.subscription.request(1);
        subscriber.subscription.cancel();

        assertThat(subscriber.heard).containsExactly("0");
        assertThat(chunks.closed).isEqualTo(1);
    }

    @Test
    void failures_arrive_by_on_error() {
        FakeChunks failing = new FakeChunks(failure(ErrorCategory.PROGRAM_ERROR, "ValueError"));
        Subscriber subscriber = subscribe(failing, Runnable::run);
        subscriber.subscription.request(1);
        assertThat(subscriber.heard).containsExactly("ProgramException");
        assertThat(failing.closed).isEqualTo(1);

        Subscriber impolite = subscribe(FakeChunks.numbers(1), Runnable::run);
        impolite.subscription.request(0);
        assertThat(impolite.heard).containsExactly("IllegalArgumentException");

        Subscriber homeless = subscribe(FakeChunks.numbers(1), task -> {
            throw new RejectedExecutionException();
        });
        homeless.subscription.request(1);
        assertThat(homeless.heard).containsExactly("RejectedExecutionException");
    }

    @Test
    void a_second_subscriber_is_refused_and_cannot_disturb_the_first() {
        FakeChunks chunks = FakeChunks.numbers(1);
        service.answers.add(chunks);
        Flow.Publisher<Integer> publisher =
                pool.stream("p", null, Integer.class, CallOptions.DEFAULT).publisher(Runnable::run);
        Subscriber first = new Subscriber();
        Subscriber second = new Subscriber();

        publisher.subscribe(first);
        publisher.subscribe(second);
        second.subscription.request(1);
        second.subscription.cancel();

        assertThat(second.heard).containsExactly("IllegalStateException");
        assertThat(chunks.closed).isZero();
        first.subscription.request(2);
        assertThat(first.heard).containsExactly("0", "complete");
    }

    private Subscriber subscribe(FakeChunks chunks, Executor executor) {
        service.answers.add(chunks);
        Subscriber subscriber = new Subscriber();
        pool.stream("p", null, Integer.class, CallOptions.DEFAULT)
                .publisher(executor)
                .subscribe(subscriber);
        return subscriber;
    }

    private static Object failure(ErrorCategory category, String type) {
        return new ErrorDetails(category, type, "no", null, null, ErrorContext.of("default", "p"), false).toMap();
    }

    private static final class Subscriber implements Flow.Subscriber<Integer> {
        private final List<String> heard = new ArrayList<>();
        private Flow.Subscription subscription;
        private boolean asksForOneMore;
        private int depth;
        private int deepest;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
        }

        @Override
        public void onNext(Integer chunk) {
            deepest = Math.max(deepest, ++depth);
            heard.add(chunk.toString());
            if (asksForOneMore) {
                subscription.request(1);
            }
            depth--;
        }

        @Override
        public void onError(Throwable failure) {
            heard.add(failure.getClass().getSimpleName());
        }

        @Override
        public void onComplete() {
            heard.add("complete");
        }
    }
}
