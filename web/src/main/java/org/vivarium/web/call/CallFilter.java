package org.vivarium.web.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.web.http.BodyReader;
import org.vivarium.web.http.Responses;
import org.vivarium.web.json.Problem;
import org.vivarium.web.rest.exchange.CallHeaders;
import org.vivarium.web.rest.exchange.FailureMapper;
import org.vivarium.web.rest.exchange.ProblemException;

/**
 * Takes {@code POST /api/pools/{pool}/programs/{program}} and lets all else through. No thread is held while the body
 * comes, the call waits, or the client reads; JAX-RS cannot promise that of bodies and responses.
 */
public class CallFilter implements Filter {
    private static final Pattern PATH = Pattern.compile("/api/pools/([^/]+)/programs/([^/]+)");

    @Inject
    private ServiceOperations service;

    private final IdempotentCalls idempotent =
            new IdempotentCalls(System::nanoTime, () -> service.httpLimits().idempotent());

    @Override
    public void doFilter(ServletRequest plain, ServletResponse answer, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plain;
        String uri = request.getRequestURI();
        int from = request.getContextPath().length();
        if (!uri.startsWith("/api/pools/", from)) {
            chain.doFilter(plain, answer);
            return;
        }
        Matcher path = PATH.matcher(withoutParameters(uri.substring(from)));
        if (path.matches()) {
            call(request, (HttpServletResponse) answer, path);
        } else {
            chain.doFilter(plain, answer);
        }
    }

    private static String withoutParameters(String path) {
        return path.indexOf(';') < 0 ? path : path.replaceAll(";[^/]*", "");
    }

    private void call(HttpServletRequest request, HttpServletResponse response, Matcher path) throws IOException {
        CallExchange exchange;
        try {
            exchange = new CallExchange(service, request, response, wish(request, path));
        } catch (RuntimeException e) { // of the request alone: its body has not been looked at
            Problem problem = FailureMapper.problem(e);
            if (problem.status() == HttpServletResponse.SC_METHOD_NOT_ALLOWED) {
                response.setHeader("Allow", "POST");
            }
            CallExchange.correlate(response, request.getHeader(CallHeaders.CORRELATION));
            Responses.refuse(request, response, problem, service.httpLimits().inputBytes());
            return;
        }
        if (BodyReader.hasBody(request)) {
            exchange.read();
        } else {
            exchange.begin();
        }
    }

    private CallWish wish(HttpServletRequest request, Matcher path) {
        if (!request.getMethod().equals("POST")) {
            throw refused(ErrorType.METHOD_NOT_ALLOWED, "a program is called by POST");
        }
        String type = request.getContentType();
        if (BodyReader.hasBody(request) && !isJson(type)) {
            throw refused(
                    ErrorType.UNSUPPORTED_MEDIA_TYPE, "the body must be JSON; send Content-Type: application/json");
        }
        Preference preference = Preference.of(request.getHeader("Accept"));
        if (preference == Preference.OTHER) {
            throw refused(
                    ErrorType.NOT_ACCEPTABLE,
                    "the response is application/json or text/event-stream, which the Accept header excludes");
        }
        String pool = decoded(path.group(1));
        String program = decoded(path.group(2));
        if (program.startsWith("$")) { // built in, and not for callers from outside
            throw ErrorType.UNKNOWN_PROGRAM.exception(
                    ErrorContext.of(pool, program), "pool " + pool + " has no program " + program);
        }
        CallHeaders headers = CallHeaders.of(request);
        boolean events = preference == Preference.EVENTS;
        return new CallWish(pool, program, headers.options(), events, key(request, headers, events), idempotent);
    }

    private static IdempotentCalls.@Nullable Key key(HttpServletRequest request, CallHeaders headers, boolean events) {
        String text = headers.idempotencyKey();
        if (text == null) {
            return null;
        }
        if (events) {
            throw new IllegalArgumentException("Idempotency-Key cannot be combined with Accept: text/event-stream");
        }
        return new IdempotentCalls.Key(String.valueOf(request.getRemoteUser()), text);
    }

    private static boolean isJson(@Nullable String type) {
        return type != null
                && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json");
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            throw refused(ErrorType.BAD_PATH, "the path has a percent sign that begins no escape");
        }
    }

    private static ProblemException refused(ErrorType type, String detail) {
        return new ProblemException(Problem.of(type, detail));
    }
}
