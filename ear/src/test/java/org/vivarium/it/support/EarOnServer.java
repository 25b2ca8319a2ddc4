package org.vivarium.it.support;

import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.event.container.AfterStart;
import org.jboss.arquillian.container.spi.event.container.BeforeStop;
import org.jboss.arquillian.core.api.annotation.Observes;
import org.jboss.arquillian.core.spi.LoadableExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;

/**
 * Deploys the EAR that was built when the server has started, once for all test classes, and takes it away at the end.
 */
public final class EarOnServer implements LoadableExtension {

    @Override
    public void register(ExtensionBuilder builder) {
        builder.observer(Deployer.class);
    }

    /** Created by Arquillian, one for the whole run. */
    static final class Deployer {
        private final EnterpriseArchive ear = ShrinkWrap.createFromZipFile(
                EnterpriseArchive.class, TestRun.current().ear().toFile());

        void deploy(@Observes AfterStart started) throws DeploymentException {
            started.getDeployableContainer().deploy(ear);
        }

        void undeploy(@Observes BeforeStop stopping) throws DeploymentException {
            stopping.getDeployableContainer().undeploy(ear);
        }
    }
}
