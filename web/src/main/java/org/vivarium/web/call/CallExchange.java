package org.vivarium.web.call;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.ErrorType;
import org.vivarium.api.Payload;
import org.vivarium.api.ProgressListener;
import org.vivarium.api.PythonException;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.settings.HttpLimits;
import org.vivarium.web.call.IdempotentCalls.Answer;
import org.vivarium.web.call.IdempotentCalls.Claim;
import org.vivarium.web.http.AsyncOutput;
import org.vivarium.web.http.BodyReader;
import org.vivarium.web.http.Completion;
import org.vivarium.web.http.ReceivedBody;
import org.vivarium.web.http.Responses;
import org.vivarium.web.json.InlineBinary;
import org.vivarium.web.json.JsonObjects;
import org.vivarium.web.json.Problem;
import org.vivarium.web.rest.exchange.CallHeaders;
import org.vivarium.web.rest.exchange.Correlated;
import org.vivarium.web.rest.exchange.FailureMapper;

/** One call by HTTP, from its body to its answer, which is given once. Thread safe. */
final class CallExchange implements BodyReader.BodyReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(CallExchange.class);
    private static final int SMALL = 64 << 10;
    private static final String JSON = "application/json";

    /** Wants to know, so that operators see the progress of the call. */
    private static final ProgressListener UNHEARD = (fraction, message) -> {};

    private static final Set<CallExchange> OPEN = ConcurrentHashMap.newKeySet();
    private static volatile boolean stopped;

    private final ServiceOperations service;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final CallWish wish;
    private final AsyncContext async;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile @Nullable ReceivedBody body;
    private volatile @Nullable CompletableFuture<?> running;

    /** Whether others with the same key wait for what comes of this call. */
    private volatile boolean claimed;

    CallExchange(ServiceOperations service, HttpServletRequest request, HttpServletResponse response, CallWish wish) {
        this.service = service;
        this.request = request;
        this.response = response;
        this.wish = wish;
        this.async = request.startAsync(request, response);
        async.setTimeout(0); // the body and the call have deadlines of their own
        async.addListener(new Completion(this::over));
        OPEN.add(this);
    }

    /** Ends all calls, because the application stops: their clients get a problem document. */
    static void stop() {
        stopped = true;
        OPEN.forEach(CallExchange::refuseStopped);
    }

    private void refuseStopped() {
        CompletableFuture<?> call = running;
        fail(Problem.of(
                ErrorType.SERVICE_UNAVAILABLE,
                "the service stops; the call was cancelled and may have done part of its work"));
        if (call != null) {
            call.cancel(false);
        }
    }

    /** Reads the body, and then calls. */
    void read() throws IOException {
        HttpLimits limits = service.httpLimits();
        BodyReader.read(
                new BodyReader.Source(async, request, service.executor(), limits.bodyPatience()),
                service.memory().requests(),
                limits.inputBytes(),
                this);
    }

    @Override
    public void received(ReceivedBody whole) {
        body = whole;
        if (whole.bytes().length > SMALL) {
            service.executor().execute(this::begin); // to check it takes its time
        } else {
            begin();
        }
    }

    @Override
    public void refused(Problem problem) {
        if (answered.compareAndSet(false, true)) {
            correlate(response, wish.correlation());
            try {
                Responses.sendLast(response, problem);
            } catch (IOException e) {
                LOG.debug("a client has gone before it was refused", e);
            }
        }
    }

    /** Calls the program; without a body, it has no inputs. */
    void begin() {
        try {
            Correlated.during(wish.correlation(), () -> {
                call(inputs());
                return wish;
            });
        } catch (RuntimeException e) {
            fail(e);
        }
        if (stopped) { // while it began, after all others were told
            refuseStopped();
        }
    }

    private byte[] inputs() {
        ReceivedBody received = body;
        return received == null ? new byte[0] : received.bytes();
    }

    private void call(byte[] inputs) {
        Problem problem = JsonObjects.problem(inputs);
        if (problem != null) {
            fail(problem);
            return;
        }
        PoolOperations pool = service.pool(wish.pool());
        if (wish.events()) {
            Events events = new Events(this);
            follow(
                    pool.streamAsync(
                            wish.program(), Payload.of(inputs), wish.options().withProgress(events::progress)),
                    events::begin);
        } else if (wish.key() == null) {
            follow(callAsync(pool, inputs), this::answer);
        } else {
            callOnce(pool, inputs, wish.key());
        }
    }

    private CompletableFuture<Payload> callAsync(PoolOperations pool, byte[] inputs) {
        return pool.callAsync(wish.program(), Payload.of(inputs), wish.options().withProgress(UNHEARD));
    }

    private <T> void follow(CompletableFuture<T> call, java.util.function.Consumer<T> success) {
        running = call;
        CompletableFuture<?> unused = call.whenComplete((result, failure) -> {
            try {
                if (failure == null) {
                    success.accept(result);
                } else {
                    fail(failure);
                }
            } catch (RuntimeException e) {
                fail(e);
            }
        });
    }

    private void callOnce(PoolOperations pool, byte[] inputs, IdempotentCalls.Key key) {
        byte[] fingerprint = IdempotentCalls.fingerprint(
                inputs,
                wish.pool(),
                wish.program(),
                String.valueOf(wish.options().context().session()));
        Claim claim = wish.idempotent().claim(key, fingerprint);
        if (claim.first()) {
            claimed = true;
            follow(callAsync(pool, inputs), result -> {
                answer(result);
                wish.idempotent().answered(key, kept(result));
            });
            return;
        }
        response.setHeader("Idempotency-Replayed", "true");
        CompletableFuture<?> unused = claim.answer().thenAccept(this::repeat);
    }

    private Answer kept(Payload result) {
        InlineBinary text = InlineBinary.of(result);
        if (text.length() > service.httpLimits().idempotent().answerBytes()) {
            return new Answer(HttpServletResponse.SC_OK, JSON, null);
        }
        ByteBuffer all = ByteBuffer.allocate((int) text.length());
        text.buffers().forEachRemaining(all::put);
        return new Answer(HttpServletResponse.SC_OK, JSON, all.array());
    }

    private void repeat(Answer answer) {
        byte[] bytes = answer.body();
        if (bytes == null) {
            fail(Problem.of(
                    ErrorType.ANSWER_NOT_KEPT,
                    "the first call of this Idempotency-Key has run, but its answer is too large to be given twice"));
        } else {
            respond(
                    answer.status(),
                    answer.mediaType(),
                    bytes.length,
                    Collections.singleton(ByteBuffer.wrap(bytes)).iterator());
        }
    }

    private void answer(Payload result) {
        InlineBinary text = InlineBinary.of(result);
        respond(HttpServletResponse.SC_OK, JSON, text.length(), text.buffers());
    }

    private void fail(Throwable failure) {
        if (answered.get()) {
            return; // with a failure that ended the call: the application stops
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Problem problem = Correlated.during(wish.correlation(), () -> FailureMapper.problem(cause));
        boolean mayRunAgain =
                cause instanceof PythonException python && python.details().retryable();
        settleKey(problem, mayRunAgain);
        fail(problem);
    }

    private void settleKey(Problem problem, boolean mayRunAgain) {
        if (wish.key() == null || !claimed) {
            return;
        }
        Answer answer = new Answer(problem.status(), Problem.MEDIA_TYPE, problem.json());
        if (mayRunAgain) {
            wish.idempotent().forget(wish.key(), answer);
        } else {
            wish.idempotent().answered(wish.key(), answer);
        }
    }

    private void fail(Problem problem) {
        if (problem.retryAfterSeconds() != null && !response.isCommitted()) {
            response.setHeader("Retry-After", String.valueOf(problem.retryAfterSeconds()));
        }
        byte[] json = problem.json();
        respond(
                problem.status(),
                Problem.MEDIA_TYPE,
                json.length,
                Collections.singleton(ByteBuffer.wrap(json)).iterator());
    }

    private void respond(int status, String type, long length, Iterator<ByteBuffer> text) {
        long held = length > SMALL ? length : 0;
        AsyncOutput output = open(status, type, held, () -> {});
        if (output != null) {
            response.setContentLengthLong(length);
            output.end(text);
        }
    }

    /** Begins the answer, unless that was done; {@code null} then. */
    @Nullable AsyncOutput open(int status, String type, long held, Runnable closed) {
        if (!answered.compareAndSet(false, true)) {
            return null;
        }
        service.memory().results().hold(held);
        atEnd(() -> service.memory().results().release(held));
        atEnd(closed);
        try {
            response.setStatus(status);
            response.setContentType(type);
            correlate(response, wish.correlation());
            return AsyncOutput.begin(
                    async, service.executor(), service.httpLimits().answerPatience(), this::over);
        } catch (IOException | RuntimeException e) { // the client has gone
            LOG.debug("no answer can be given", e);
            over();
            return null;
        }
    }

    /** Has {@code action} run once the exchange is over, which may be now. */
    private void atEnd(Runnable action) {
        CompletableFuture<?> unused = ended.thenRun(action);
    }

    private void over() {
        OPEN.remove(this);
        ended.complete(null);
        ReceivedBody received = body;
        if (received != null) {
            received.close();
        }
        body = null; // servers keep requests for a while, and what they refer to
        running = null;
    }

    ServiceOperations service() {
        return service;
    }

    HttpServletResponse response() {
        return response;
    }

    CallWish wish() {
        return wish;
    }

    /** Answers with a failure as without a stream. */
    void failWith(PythonException failure) {
        fail((Throwable) failure);
    }

    static void correlate(HttpServletResponse response, @Nullable String correlation) {
        if (correlation != null && CallHeaders.isName(correlation)) {
            response.setHeader(CallHeaders.CORRELATION, correlation);
        }
    }
}
