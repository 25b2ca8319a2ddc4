package org.vivarium.adapter.jmx.mbean;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers MBeans in the domain {@code vivarium} and takes them all down again on {@link #close()}.
 *
 * <p>A bean that an earlier deployment left behind is replaced: otherwise its name would block every later deployment.
 * Thread safe.
 */
public final class MBeanRegistry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MBeanRegistry.class);

    private final MBeanServer server;
    private final Deque<ObjectName> registered = new ArrayDeque<>(); // guarded by this

    public MBeanRegistry(MBeanServer server) {
        this.server = requireNonNull(server, "server");
    }

    /**
     * Registers {@code bean} and returns its name.
     *
     * @param keys the key properties as text, in the order in which they are to be shown, such as
     *     {@code type=Pool,pool=default}
     * @throws IllegalStateException if the MBean server refuses it
     */
    public synchronized ObjectName register(Object bean, String keys) {
        try {
            ObjectName name = new ObjectName("vivarium:" + keys);
            if (server.isRegistered(name)) {
                LOG.warn("replacing the MBean {}, which an earlier deployment left behind", name);
                unregister(name);
            }
            server.registerMBean(bean, name);
            registered.push(name);
            return name;
        } catch (JMException e) {
            throw new IllegalStateException("cannot register the MBean vivarium:" + keys, e);
        }
    }

    /** Unregisters everything that was registered here, last one first; what cannot be is logged. */
    @Override
    public synchronized void close() {
        while (!registered.isEmpty()) {
            unregister(registered.pop());
        }
    }

    private void unregister(ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            LOG.debug("the MBean {} was gone already", name, e);
        } catch (JMException e) {
            LOG.warn("cannot unregister the MBean {}", name, e);
        }
    }
}
