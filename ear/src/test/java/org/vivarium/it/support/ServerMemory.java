package org.vivarium.it.support;

import java.io.IOException;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;

/**
 * What the JVM of the server has, once it has collected its garbage.
 *
 * @param copies how many deployments of the service have their classes loaded
 * @param heapMegabytes heap in use
 * @param classes classes that are loaded, whosever
 * @param threads live threads, whosever
 * @param threadsOfOurs the names of those that the service has started
 * @param descriptors open descriptors
 * @param beans MBeans of the service
 */
public record ServerMemory(
        long copies,
        long heapMegabytes,
        int classes,
        int threads,
        List<String> threadsOfOurs,
        long descriptors,
        int beans) {
    private static final String CLASS = "org.vivarium.adapter.boot.ServiceBoot";

    /** Looks at the JVM behind {@code jmx}. */
    public static ServerMemory of(MBeanServerConnection jmx) throws IOException, JMException {
        MemoryMXBean memory = ManagementFactory.getPlatformMXBean(jmx, MemoryMXBean.class);
        for (int i = 0; i < 3; i++) { // what finalizers and cleaners let go is collected by the next
            memory.gc();
        }
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(jmx, ThreadMXBean.class);
        ObjectName system = new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
        return new ServerMemory(
                Pattern.compile(Pattern.quote(CLASS) + "/")
                        .matcher(hierarchy(jmx))
                        .results()
                        .count(),
                memory.getHeapMemoryUsage().getUsed() >> 20,
                ManagementFactory.getPlatformMXBean(jmx, ClassLoadingMXBean.class)
                        .getLoadedClassCount(),
                threads.getThreadCount(),
                Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                        .filter(thread -> thread != null) // ended meanwhile
                        .map(ThreadInfo::getThreadName)
                        .filter(name -> name.startsWith("vivarium") || name.startsWith("logback"))
                        .toList(),
                (Long) jmx.getAttribute(system, "OpenFileDescriptorCount"),
                jmx.queryNames(new ObjectName("vivarium*:*"), null).size());
    }

    /** Returns a line for each loader that has the class. */
    private static String hierarchy(MBeanServerConnection jmx) throws IOException, JMException {
        return (String) jmx.invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "vmClassHierarchy",
                new Object[] {new String[] {CLASS}},
                new String[] {String[].class.getName()});
    }
}
