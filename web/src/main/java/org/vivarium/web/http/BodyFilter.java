package org.vivarium.web.http;

import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.settings.HttpLimits;
import org.vivarium.web.json.Problem;

/**
 * Lets requests through once their body is there: no thread waits for a slow one. Their timeout is the body's; the rest
 * of the way is short.
 */
public class BodyFilter implements Filter {
    private static final Logger LOG = LoggerFactory.getLogger(BodyFilter.class);

    @Inject
    private ServiceOperations service;

    @Override
    public void doFilter(ServletRequest plain, ServletResponse answer, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plain;
        if (!BodyReader.hasBody(request)) {
            chain.doFilter(request, answer);
            return;
        }
        BufferedRequest whole = new BufferedRequest(request);
        int size = request.getContentLength();
        if (size >= 0 && size <= BodyRoom.SMALL && request.getInputStream().available() >= size) {
            whole.fill(request.getInputStream().readNBytes(size)); // it is there already, as most are
            chain.doFilter(whole, answer);
            return;
        }
        AsyncContext async = request.startAsync(whole, answer);
        HttpLimits limits = service.httpLimits();
        BodyReader.read(
                new BodyReader.Source(async, request, service.executor(), limits.bodyPatience()),
                service.memory().requests(),
                limits.bodyBytes(),
                new Dispatch(async, whole));
    }

    /** Sends a request on its way again, with its body. */
    private record Dispatch(AsyncContext async, BufferedRequest whole) implements BodyReader.BodyReceiver {
        @Override
        public void received(ReceivedBody body) {
            whole.fill(body.bytes());
            body.close(); // not large, and short-lived from here on
            async.dispatch();
        }

        @Override
        public void refused(Problem problem) {
            try {
                Responses.sendLast((HttpServletResponse) async.getResponse(), problem);
            } catch (IOException e) {
                LOG.debug("a client has gone before it was refused", e);
            }
        }
    }
}
