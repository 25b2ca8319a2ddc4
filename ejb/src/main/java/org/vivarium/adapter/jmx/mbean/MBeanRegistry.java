package org.vivarium.adapter.jmx.mbean;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
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
    private final Set<ObjectName> registered = new LinkedHashSet<>(); // guarded by this, as the next one is
    private boolean closed;

    public MBeanRegistry(MBeanServer server) {
        this.server = requireNonNull(server, "server");
    }

    /**
     * Registers {@code bean}; not after {@link #close()}: whoever is late leaves nothing behind.
     *
     * @param keys the key properties as text, in the order in which they are to be shown, such as
     *     {@code type=Pool,pool=default}
     * @throws IllegalStateException if the MBean server refuses it
     */
    public synchronized void register(Object bean, String keys) {
        if (closed) {
            return;
        }
        ObjectName name = name(keys);
        try {
            if (server.isRegistered(name)) {
                LOG.warn("replacing the MBean {}, which an earlier deployment left behind", name);
                unregister(name);
            }
            server.registerMBean(bean, name);
            registered.add(name);
        } catch (JMException e) {
            throw new IllegalStateException("cannot register the MBean " + name, e);
        }
    }

    /** Unregisters everything that was registered here, last one first; what cannot be is logged. */
    @Override
    public synchronized void close() {
        closed = true;
        List<ObjectName> all = new ArrayList<>(registered);
        Collections.reverse(all);
        all.forEach(this::unregister);
        registered.clear();
    }

    /** Unregisters the bean that was registered here under {@code keys}; does nothing if there is none. */
    public synchronized void unregister(String keys) {
        ObjectName name = name(keys);
        if (registered.remove(name)) {
            unregister(name);
        }
    }

    /**
     * Returns the name of a bean of ours.
     *
     * @param keys as in {@link #register}
     */
    public static ObjectName name(String keys) {
        try {
            return new ObjectName("vivarium:" + keys); // as text: other ways lose the order of the keys
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException("not the name of an MBean: vivarium:" + keys, e);
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
