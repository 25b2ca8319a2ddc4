package org.vivarium.web.rest.exchange;

import static java.util.Objects.requireNonNull;

import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.ErrorType;
import org.vivarium.api.PythonException;
import org.vivarium.web.json.Problem;

/** Turns every failure into a problem document, those that JAX-RS itself finds included. */
@Provider
public class FailureMapper implements ExceptionMapper<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(FailureMapper.class);

    @Context
    private @Nullable HttpHeaders headers;

    @Context
    private @Nullable Application application;

    @Context
    private @Nullable UriInfo uri;

    @Override
    public Response toResponse(Throwable thrown) {
        Throwable failure = cause(thrown);
        String correlation = correlation(failure);
        Problem problem = failure instanceof NotAcceptableException
                ? notAcceptable()
                : Correlated.during(correlation, () -> problem(failure));
        Response.ResponseBuilder response = Response.status(problem.status())
                .entity(problem.json())
                .type(Problem.MEDIA_TYPE)
                .header("Retry-After", problem.retryAfterSeconds());
        if (failure instanceof WebApplicationException refused) {
            response.header(HttpHeaders.ALLOW, refused.getResponse().getHeaderString(HttpHeaders.ALLOW));
        }
        return response.header(CallHeaders.CORRELATION, correlation).build();
    }

    /** Returns the id that the call had, or else the one that the request came with, if it is fit to be sent back. */
    private @Nullable String correlation(Throwable failure) {
        String known = failure instanceof PythonException python
                ? python.details().context().correlationId()
                : null;
        String correlation = known == null ? sentCorrelation() : known;
        return correlation != null && CallHeaders.isName(correlation) ? correlation : null;
    }

    private @Nullable String sentCorrelation() {
        return headers == null ? null : headers.getHeaderString(CallHeaders.CORRELATION);
    }

    private Problem notAcceptable() {
        String path = requireNonNull(uri).getPath();
        String types = String.join(
                " or ",
                ResourcePaths.mediaTypes(
                        requireNonNull(application).getClasses(), path.startsWith("/") ? path : '/' + path));
        return Problem.of(ErrorType.NOT_ACCEPTABLE, "the response is " + types + ", which the Accept header excludes");
    }

    /** Returns what a stage failed with: not every server takes off what {@code CompletableFuture} wraps it in. */
    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Returns the document for {@code thrown}, unless it is that nothing acceptable can be answered. */
    public static Problem problem(Throwable thrown) {
        Throwable failure = cause(thrown);
        if (failure instanceof PythonException python) {
            return Problem.of(python.details());
        } else if (failure instanceof ProblemException known) {
            return known.problem();
        } else if (failure instanceof IllegalArgumentException refused) {
            return Problem.of(ErrorType.INVALID_VALUE, String.valueOf(refused.getMessage()));
        } else if (failure instanceof WebApplicationException web) {
            return web(web.getResponse().getStatus());
        }
        String errorId = UUID.randomUUID().toString();
        LOG.error("a request failed; error id {}", errorId, failure);
        return Problem.of(
                ErrorType.INTERNAL_ERROR, "the service failed; the log has the cause, under the error id " + errorId);
    }

    private static Problem web(int status) {
        return switch (status) {
            case 404 ->
                Problem.of(
                        ErrorType.NOT_FOUND,
                        "there is nothing at this path; GET /vivarium/api/openapi lists all paths");
            case 405 ->
                Problem.of(
                        ErrorType.METHOD_NOT_ALLOWED,
                        "this path does not support this method; the Allow header lists those that it does");
            case 415 ->
                Problem.of(
                        ErrorType.UNSUPPORTED_MEDIA_TYPE, "the body must be JSON; send Content-Type: application/json");
            default -> Problem.of(status, "the request cannot be processed");
        };
    }
}
