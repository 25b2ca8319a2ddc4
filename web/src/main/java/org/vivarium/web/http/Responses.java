package org.vivarium.web.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.web.json.Problem;

/** Answers with problem documents, also to clients that are not trusted. */
public final class Responses {
    /** What is thrown away of a body whose sender is not known, in bytes. */
    public static final long LITTLE = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(Responses.class);
    private static final int MOST_REFUSED = 64;
    private static final long DISCARD_MILLIS = 5_000;
    private static final AtomicInteger REFUSED = new AtomicInteger();

    private Responses() {}

    /** Sets status and headers for {@code problem}; returns the body. */
    public static byte[] prepare(HttpServletResponse response, Problem problem) {
        byte[] body = problem.json();
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        response.setContentLength(body.length);
        if (problem.retryAfterSeconds() != null) {
            response.setHeader("Retry-After", String.valueOf(problem.retryAfterSeconds()));
        }
        return body;
    }

    /** Answers on this thread; for a request without a body, or one whose body was read. */
    public static void send(HttpServletResponse response, Problem problem) throws IOException {
        byte[] body = prepare(response, problem);
        response.getOutputStream().write(body);
    }

    /**
     * Answers a request whose body nobody wants: what of it comes within 5 s, up to {@code most} bytes, is thrown away
     * without a thread that waits for it, so that the client can read the answer, and then the connection ends. More
     * than 64 such requests at a time are not waited for at all.
     */
    public static void refuse(HttpServletRequest request, HttpServletResponse response, Problem problem, long most)
            throws IOException {
        if (!BodyReader.hasBody(request)) {
            send(response, problem);
            return;
        }
        AsyncContext async = request.isAsyncStarted() ? request.getAsyncContext() : request.startAsync();
        response.setHeader("Connection", "close");
        byte[] body = prepare(response, problem);
        response.getOutputStream().write(body);
        response.flushBuffer();
        if (REFUSED.incrementAndGet() > MOST_REFUSED) {
            REFUSED.decrementAndGet();
            async.complete();
            return;
        }
        async.setTimeout(DISCARD_MILLIS);
        Discard discard = new Discard(async, request.getInputStream(), most);
        async.addListener(discard);
        discard.begin();
    }

    /** Throws away what comes, up to a limit. */
    private static final class Discard implements ReadListener, AsyncListener {
        private final AsyncContext async;
        private final ServletInputStream in;
        private final byte[] waste = new byte[8 << 10];
        private final long most;
        private long discarded;

        Discard(AsyncContext async, ServletInputStream in, long most) {
            this.async = async;
            this.in = in;
            this.most = most;
        }

        void begin() {
            try {
                in.setReadListener(this);
            } catch (IllegalStateException e) { // the body was read in part: nothing to throw away without its reader
                LOG.debug("a connection ends with a part of its request unread", e);
                async.complete();
            }
        }

        @Override
        public void onDataAvailable() throws IOException {
            while (in.isReady() && !in.isFinished()) {
                int count = in.read(waste);
                if (count < 0) {
                    return; // onAllDataRead comes
                }
                discarded += count;
                if (discarded > most) {
                    async.complete();
                    return;
                }
            }
        }

        @Override
        public void onAllDataRead() {
            async.complete();
        }

        @Override
        public void onError(Throwable failure) {
            async.complete();
        }

        @Override
        public void onComplete(AsyncEvent event) {
            REFUSED.decrementAndGet();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            async.complete();
        }

        @Override
        public void onError(AsyncEvent event) {
            async.complete();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // nobody does
        }
    }
}
