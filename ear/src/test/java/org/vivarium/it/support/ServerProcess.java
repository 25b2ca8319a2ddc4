package org.vivarium.it.support;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/**
 * The JVM of the server under test.
 *
 * @param handle its process
 * @param listeners the TCP addresses that it listened on, in the kernel's notation, before the management agent behind
 *     {@code jmx} added its own (on every address; it answers callers of this machine only)
 * @param jmx a connection to its MBeans through the JVM's local management agent; open until the test run ends
 */
public record ServerProcess(ProcessHandle handle, List<String> listeners, MBeanServerConnection jmx) {

    /**
     * Finds the server that was started for {@code run}: a JVM that this one started or that wrote the run's pid file,
     * and that has the run's home.
     */
    static ServerProcess of(TestRun run) throws IOException {
        for (String pid : candidates(run)) {
            ServerProcess found = ifServing(run.home(), pid);
            if (found != null) {
                return found;
            }
        }
        throw new IllegalStateException("none of the JVMs that this run started has vivarium.home=" + run.home());
    }

    /** Only processes known to be JVMs: attaching sends a signal that would end any other. */
    private static Set<String> candidates(TestRun run) throws IOException {
        Set<String> jvms =
                VirtualMachine.list().stream().map(VirtualMachineDescriptor::id).collect(Collectors.toSet());
        Stream<String> children = ProcessHandle.current().children().map(child -> Long.toString(child.pid()));
        Stream<String> written = Files.exists(run.pidFile())
                ? Stream.of(Files.readString(run.pidFile()).strip())
                : Stream.empty();
        return Stream.concat(children, written).filter(jvms::contains).collect(Collectors.toSet());
    }

    private static @Nullable ServerProcess ifServing(Path home, String pid) throws IOException {
        VirtualMachine jvm = attach(pid);
        try {
            if (!home.toString().equals(jvm.getSystemProperties().getProperty("vivarium.home"))) {
                return null;
            }
            ProcessHandle handle = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            List<String> listeners = ListeningSockets.of(handle);
            return new ServerProcess(handle, listeners, connect(jvm.startLocalManagementAgent()));
        } finally {
            jvm.detach();
        }
    }

    @SuppressWarnings("BanJNDI") // the address comes from the JVM that we attached to, not from outside
    private static MBeanServerConnection connect(String address) throws IOException {
        return JMXConnectorFactory.connect(new JMXServiceURL(address)).getMBeanServerConnection();
    }

    private static VirtualMachine attach(String pid) throws IOException {
        try {
            return VirtualMachine.attach(pid);
        } catch (AttachNotSupportedException e) {
            throw new IOException("cannot attach to the JVM " + pid, e);
        }
    }
}
