package org.vivarium.web.fallback;

import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.ServletExtension;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.util.Headers;
import jakarta.servlet.ServletContext;
import java.nio.ByteBuffer;
import org.vivarium.api.ErrorType;
import org.vivarium.web.json.Problem;

/**
 * Answers what WildFly refuses while it is suspended, or waits for calls before it ends: with a problem document
 * instead of a page of the server. Such requests reach no filter or servlet, so this is an extension of WildFly's own
 * kind; Payara, which has no such state, does not load it.
 */
public final class SuspendedWildFly implements ServletExtension {
    @Override
    public void handleDeployment(DeploymentInfo deployment, ServletContext context) {
        Problem problem = Problem.of(
                ErrorType.SERVICE_UNAVAILABLE, "the server is suspended or about to end, and takes no requests");
        byte[] document = problem.json();
        deployment.addInitialHandlerChainWrapper(next -> exchange -> {
            exchange.addDefaultResponseListener(refused -> answer(refused, problem, document));
            next.handleRequest(exchange);
        });
    }

    /** Returns whether it has answered: what has a body already is none of its business. */
    private static boolean answer(HttpServerExchange exchange, Problem problem, byte[] document) {
        if (exchange.getStatusCode() != problem.status() || !exchange.isResponseChannelAvailable()) {
            return false;
        }
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .put(Headers.CONTENT_LENGTH, document.length)
                .put(Headers.RETRY_AFTER, String.valueOf(problem.retryAfterSeconds()));
        exchange.getResponseSender().send(ByteBuffer.wrap(document));
        return true;
    }
}
