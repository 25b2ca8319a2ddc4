package org.vivarium.web.security;

import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.operation.HomeDirectory;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.web.security.login.Authenticator;
import org.vivarium.web.security.users.UserStore;

/** Opens the users when the web application starts, and prints the address for the operator. */
@WebListener
public class SecurityStartup implements ServletContextListener {
    /** The system property that sets the password of {@code admin}; meant for automatic installations. */
    static final String PASSWORD_PROPERTY = "vivarium.admin.password";

    private static final Logger LOG = LoggerFactory.getLogger(SecurityStartup.class);
    private static final String AUTHENTICATOR = Authenticator.class.getName();

    @Inject
    private ServiceOperations service;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        Path home = HomeDirectory.locate();
        try {
            UserStore.Opened opened = UserStore.open(home, System.getProperty(PASSWORD_PROPERTY), System::nanoTime);
            context.setAttribute(
                    AUTHENTICATOR, new Authenticator(opened.store(), System::nanoTime, () -> service.loginLimits()));
            welcome(context, home, opened);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the users in " + home + ": " + e.getMessage(), e);
        }
    }

    private static void welcome(ServletContext context, Path home, UserStore.Opened opened) {
        String address = Welcome.address(context.getContextPath(), System::getProperty);
        LOG.info("Vivarium is at {}; its users are in {}", address, home.resolve(UserStore.FILE));
        System.out.println(Welcome.block(address, opened.firstPassword(), home.resolve(UserStore.FILE)));
    }

    static Authenticator authenticator(ServletContext context) {
        return (Authenticator) context.getAttribute(AUTHENTICATOR);
    }
}
