package org.vivarium.web.call;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/** Answers the calls in progress when the application stops, instead of the server with a page of its own. */
@WebListener
public class CallShutdown implements ServletContextListener {
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        CallExchange.stop();
    }
}
