package org.vivarium.web.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.vivarium.api.ErrorType;
import org.vivarium.web.json.Problem;
import org.vivarium.web.security.login.Authenticator;
import org.vivarium.web.security.login.Authenticator.Granted;
import org.vivarium.web.security.login.Authenticator.Outcome;
import org.vivarium.web.security.login.Authenticator.TooMany;
import org.vivarium.web.security.login.BasicCredentials;
import org.vivarium.web.security.login.SessionCookie;
import org.vivarium.web.security.users.User;

/**
 * Stands before everything: knows the user by HTTP Basic or by the session that {@link LoginServlet} began, and lets
 * through only what {@link Access} and {@link SiteCheck} allow. Needs no configuration of the server.
 */
public class SecurityFilter implements Filter {
    @Override
    public void doFilter(ServletRequest plain, ServletResponse answer, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plain;
        HttpServletResponse response = (HttpServletResponse) answer;
        SecurityResponses.protect(response);
        String path = Access.withoutParameters(
                request.getRequestURI().substring(request.getContextPath().length()));
        SiteCheck site = site(request);
        if (Access.isStrange(path)) {
            SecurityResponses.problem(
                    request,
                    response,
                    Problem.of(ErrorType.BAD_PATH, "the path has empty segments, dots, or encoded slashes"));
        } else if (site.isForeign()) {
            SecurityResponses.problem(
                    request,
                    response,
                    Problem.of(ErrorType.FOREIGN_SITE, "requests from other sites cannot change anything"));
        } else if (Access.of(request.getMethod(), path).isOpen()) {
            chain.doFilter(Access.isToldMoreToViewers(path) ? identified(request) : request, response);
        } else if (request.getHeader("Authorization") != null) {
            basic(request, response, chain, path);
        } else {
            session(request, response, chain, path);
        }
    }

    /** Returns the request with its user, if it names one rightly; a health check is answered in any case. */
    private static HttpServletRequest identified(HttpServletRequest request) {
        Authenticator authenticator = authenticator(request);
        Optional<User> user = BasicCredentials.parse(request.getHeader("Authorization"))
                .map(given -> authenticator.check(given.name(), given.password(), request.getRemoteAddr()))
                .map(outcome -> outcome instanceof Granted granted ? granted.user() : null)
                .or(() -> SessionCookie.of(request).flatMap(authenticator::known));
        return user.<HttpServletRequest>map(
                        known -> new AuthenticatedRequest(request, known, HttpServletRequest.BASIC_AUTH))
                .orElse(request);
    }

    private static void basic(HttpServletRequest request, HttpServletResponse response, FilterChain chain, String path)
            throws IOException, ServletException {
        Optional<BasicCredentials> given = BasicCredentials.parse(request.getHeader("Authorization"));
        if (given.isEmpty()) {
            SecurityResponses.unauthorized(request, response, "the Authorization header is not HTTP Basic");
            return;
        }
        Outcome outcome =
                authenticator(request).check(given.get().name(), given.get().password(), request.getRemoteAddr());
        if (outcome instanceof Granted granted) {
            pass(
                    new AuthenticatedRequest(request, granted.user(), HttpServletRequest.BASIC_AUTH),
                    response,
                    chain,
                    path,
                    granted.user());
        } else if (outcome instanceof TooMany tooMany) {
            SecurityResponses.tooMany(request, response, tooMany.pause());
        } else {
            SecurityResponses.unauthorized(request, response, "user name or password is wrong");
        }
    }

    private static void session(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain, String path)
            throws IOException, ServletException {
        Optional<User> user = SessionCookie.of(request)
                .flatMap(token -> authenticator(request).known(token));
        if (user.isEmpty()) {
            askForLogin(request, response, path);
        } else if (!site(request).isOurs()) {
            SecurityResponses.problem(
                    request,
                    response,
                    Problem.of(
                            ErrorType.FOREIGN_SITE,
                            "a change with a session needs an X-Requested-With or Origin header"));
        } else {
            pass(
                    new AuthenticatedRequest(request, user.get(), HttpServletRequest.FORM_AUTH),
                    response,
                    chain,
                    path,
                    user.get());
        }
    }

    private static void askForLogin(HttpServletRequest request, HttpServletResponse response, String path)
            throws IOException {
        if (request.getMethod().equals("GET") && !path.startsWith("/api/")) {
            response.sendRedirect(request.getContextPath() + "/login.html");
        } else {
            SecurityResponses.unauthorized(request, response, "log in, or send user name and password by HTTP Basic");
        }
    }

    private static void pass(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain, String path, User user)
            throws IOException, ServletException {
        if (Access.of(request.getMethod(), path).allows(user.roles())) {
            chain.doFilter(request, response);
        } else {
            SecurityResponses.problem(
                    request,
                    response,
                    Problem.of(ErrorType.FORBIDDEN, "the roles of user " + user.name() + " do not permit this"));
        }
    }

    private static SiteCheck site(HttpServletRequest request) {
        return new SiteCheck(
                request.getMethod(),
                request.getHeader("Sec-Fetch-Site"),
                request.getHeader("Origin"),
                request.getHeader("Host"),
                request.getHeader("X-Requested-With"));
    }

    private static Authenticator authenticator(HttpServletRequest request) {
        return SecurityStartup.authenticator(request.getServletContext());
    }
}
