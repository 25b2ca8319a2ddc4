package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;

@OnServer
class ListenersIT {

    /** 127.0.0.1 in /proc/net/tcp, and as an IPv6 address in /proc/net/tcp6. */
    private static final String LOOPBACK = "(0000000000000000FFFF0000)?0100007F:[0-9A-F]{4}";

    private final DeployedVivarium vivarium = DeployedVivarium.current();

    @Test
    void the_server_listens_on_loopback_only() {
        assertThat(vivarium.listeners()).isNotEmpty().allMatch(address -> address.matches(LOOPBACK));
    }
}
