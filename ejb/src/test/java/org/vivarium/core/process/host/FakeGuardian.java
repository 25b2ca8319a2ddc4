package org.vivarium.core.process.host;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.vivarium.core.process.procfs.ProcessIdentity;

/** Keeps what it is asked for, as sentences. */
final class FakeGuardian implements ForkServerOwner {
    private final List<String> requests = new CopyOnWriteArrayList<>();

    List<String> requests() {
        return requests;
    }

    @Override
    public void signal(ForkServer server, ProcessIdentity process, int signal) {
        requests.add("signal %d to %d".formatted(signal, process.pid()));
    }

    @Override
    public void stop(ForkServer server) {
        requests.add("stop " + server.id());
    }

    @Override
    public String bootLog() {
        return "";
    }
}
