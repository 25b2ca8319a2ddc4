package org.vivarium.web.security;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.vivarium.api.ErrorType;
import org.vivarium.web.json.Problem;
import org.vivarium.web.security.login.Authenticator;
import org.vivarium.web.security.login.Authenticator.Granted;
import org.vivarium.web.security.login.Authenticator.Outcome;
import org.vivarium.web.security.login.Authenticator.TooMany;
import org.vivarium.web.security.login.SessionCookie;

/** Takes the form of {@code login.html}, and ends sessions. */
@WebServlet(
        urlPatterns = {"/login", "/logout"},
        asyncSupported = true)
public class LoginServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Authenticator authenticator = SecurityStartup.authenticator(request.getServletContext());
        Optional<String> session = SessionCookie.of(request);
        if (request.getServletPath().equals("/logout")) {
            session.ifPresent(token -> authenticator.logOut(token, request.getRemoteAddr()));
            SessionCookie.clear(request, response);
            response.sendRedirect(request.getContextPath() + "/login.html");
        } else {
            session.ifPresent(authenticator::end); // a new login gets a new token, so that nobody can plant one
            login(authenticator, request, response);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Allow", "POST");
        SecurityResponses.problem(request, response, Problem.of(ErrorType.METHOD_NOT_ALLOWED, "use POST"));
    }

    private static void login(Authenticator authenticator, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String name = Objects.requireNonNullElse(request.getParameter("user"), "");
        String password = Objects.requireNonNullElse(request.getParameter("password"), "");
        Outcome outcome = authenticator.logIn(name, password, request.getRemoteAddr());
        if (outcome instanceof Granted granted) {
            SessionCookie.set(request, response, authenticator.begin(granted.user()));
            response.sendRedirect(request.getContextPath() + "/");
        } else {
            String reason = outcome instanceof TooMany ? "#wait" : "#refused";
            response.sendRedirect(request.getContextPath() + "/login.html" + reason);
        }
    }
}
