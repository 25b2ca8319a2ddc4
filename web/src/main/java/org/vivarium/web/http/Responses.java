package org.vivarium.web.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.vivarium.web.json.Problem;

/** Answers with problem documents, also to clients that are not trusted. */
public final class Responses {
    /** What is thrown away of a body whose sender is not known, in bytes. */
    public static final long LITTLE = 64 << 10;

    private Responses() {}

    /** Answers on this thread; for a request without a body, or one whose body is read by somebody. */
    public static void send(HttpServletResponse response, Problem problem) throws IOException {
        byte[] body = problem.json();
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        response.setContentLength(body.length);
        if (problem.retryAfterSeconds() != null) {
            response.setHeader("Retry-After", String.valueOf(problem.retryAfterSeconds()));
        }
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    /** Likewise, and ends the connection afterwards, because not all of the request is read. */
    public static void sendLast(HttpServletResponse response, Problem problem) throws IOException {
        response.setHeader("Connection", "close");
        send(response, problem);
    }

    /**
     * Answers a request whose body nobody wants; at most {@code most} bytes of it are thrown away, and then the
     * connection ends. No thread waits for it.
     */
    public static void refuse(HttpServletRequest request, HttpServletResponse response, Problem problem, long most)
            throws IOException {
        if (BodyReader.hasBody(request)) {
            AsyncContext async = request.startAsync();
            async.setTimeout(0);
            sendLast(response, problem);
            Remains.begin(async, request, most);
        } else {
            send(response, problem);
        }
    }
}
