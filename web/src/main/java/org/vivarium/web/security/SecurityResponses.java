package org.vivarium.web.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.vivarium.api.ErrorType;
import org.vivarium.web.http.Responses;
import org.vivarium.web.json.Problem;

/** What the filter itself answers with, and the headers on every answer. */
final class SecurityResponses {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                    + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private SecurityResponses() {}

    /** Sets the headers that keep a browser from being used against its user. */
    static void protect(HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-store");
    }

    /** Asks a program for credentials, and a browser's page for a login without the browser's own dialog. */
    static void unauthorized(HttpServletRequest request, HttpServletResponse response, String detail)
            throws IOException {
        boolean page = request.getHeader("X-Requested-With") != null;
        response.setHeader(
                "WWW-Authenticate",
                page ? "Session realm=\"vivarium\"" : "Basic realm=\"vivarium\", charset=\"UTF-8\"");
        problem(request, response, Problem.of(ErrorType.UNAUTHORIZED, detail));
    }

    static void tooMany(HttpServletRequest request, HttpServletResponse response, Duration wait) throws IOException {
        long seconds = wait.toSeconds() + 1;
        response.setHeader("Retry-After", Long.toString(seconds));
        problem(
                request,
                response,
                Problem.of(ErrorType.TOO_MANY_LOGINS, "too many logins failed; try again in " + seconds + " s"));
    }

    static void problem(HttpServletRequest request, HttpServletResponse response, Problem problem) throws IOException {
        Responses.refuse(request, response, problem, Responses.LITTLE);
    }
}
