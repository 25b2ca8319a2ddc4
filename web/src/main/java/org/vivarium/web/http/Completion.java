package org.vivarium.web.http;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/**
 * Runs something when an asynchronous request has been completed, by whomever.
 *
 * @param action may run several times
 */
public record Completion(Runnable action) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
        action.run();
    }

    @Override
    public void onError(AsyncEvent event) {
        action.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        action.run();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // it goes on
    }
}
