package org.vivarium.web.fallback;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.web.http.Responses;
import org.vivarium.web.json.Problem;

/** Answers in the place of the server's own error pages: with a problem document, or a plain page for browsers. */
@WebServlet(urlPatterns = "/error", asyncSupported = true)
public class ErrorServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(ErrorServlet.class);

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? code
                : HttpServletResponse.SC_NOT_FOUND; // asked for by its own address
        if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable failure) {
            LOG.error("a request failed in the server", failure);
        }
        Problem problem = Problem.of(status, "the server answered with status " + status);
        String accept = request.getHeader("Accept");
        if (accept != null && accept.contains("text/html")) {
            byte[] page = ("<!DOCTYPE html><html lang=\"en\"><title>Vivarium</title><h1>%d</h1><p>%s.</p>"
                            + "<p><a href=\"%s/\">Vivarium</a></p></html>")
                    .formatted(status, problem.detail(), request.getContextPath())
                    .getBytes(UTF_8);
            response.setStatus(status);
            response.setContentType("text/html; charset=UTF-8");
            response.setContentLength(page.length);
            response.getOutputStream().write(page);
        } else {
            Responses.send(response, problem);
        }
    }
}
