package org.vivarium.it.support;

import static java.util.Objects.requireNonNull;

import org.jboss.arquillian.container.spi.Container;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.context.ContainerContext;
import org.jboss.arquillian.container.spi.event.container.AfterStart;
import org.jboss.arquillian.container.spi.event.container.BeforeStop;
import org.jboss.arquillian.core.api.Instance;
import org.jboss.arquillian.core.api.annotation.Inject;
import org.jboss.arquillian.core.api.annotation.Observes;
import org.jboss.arquillian.core.spi.LoadableExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jspecify.annotations.Nullable;

/**
 * Deploys the EAR that was built when the server has started, once for all test classes, and takes it away at the end.
 */
public final class EarOnServer implements LoadableExtension {

    private static volatile @Nullable Deployer deployer;

    @Override
    public void register(ExtensionBuilder builder) {
        builder.observer(Deployer.class);
    }

    /** Takes the EAR from the server, until {@link #deploy}. */
    public static void undeploy() throws DeploymentException {
        deployer().undeploy();
    }

    /** Puts the EAR back on the server. */
    public static void deploy() throws DeploymentException {
        deployer().deploy();
    }

    private static Deployer deployer() {
        return requireNonNull(deployer, "the server has not been started");
    }

    /** Created by Arquillian, one for the whole run. */
    static final class Deployer {
        private final EnterpriseArchive ear = ShrinkWrap.createFromZipFile(
                EnterpriseArchive.class, TestRun.current().ear().toFile());

        @Inject
        private Instance<ContainerContext> contexts;

        @Inject
        private Instance<Container<?>> servers;

        private ContainerContext context;
        private Container<?> server;
        private boolean deployed;

        void started(@Observes AfterStart event) throws DeploymentException {
            context = contexts.get();
            server = servers.get();
            deployer = this;
            deploy();
        }

        void stopping(@Observes BeforeStop event) throws DeploymentException {
            if (deployed) {
                undeploy();
            }
        }

        /** Deploys, also from where Arquillian has no server at hand, such as before the first test of a class. */
        void deploy() throws DeploymentException {
            context.activate(server.getName());
            try {
                server.getDeployableContainer().deploy(ear);
                deployed = true;
            } finally {
                context.deactivate();
            }
        }

        void undeploy() throws DeploymentException {
            context.activate(server.getName());
            try {
                server.getDeployableContainer().undeploy(ear);
                deployed = false;
            } finally {
                context.deactivate();
            }
        }
    }
}
