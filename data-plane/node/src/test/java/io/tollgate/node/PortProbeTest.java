package io.tollgate.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.node.home.HomeException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortProbeTest {
    @Test
    void requireFree_anyFreePort_passes() {
        assertThatCode(() -> PortProbe.requireFree("TOLLGATE_PROXY", "127.0.0.1", 0))
                .doesNotThrowAnyException();
    }

    @Test
    void requireFree_taken_namesThePortsKey() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> PortProbe.requireFree("TOLLGATE_PROXY", "127.0.0.1", taken.getLocalPort()))
                    .isInstanceOf(HomeException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("TOLLGATE_PROXY_PORT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere.invalid", "192.0.2.1"})
    void requireFree_notOfThisMachine_namesTheHostsKey(String host) {
        assertThatThrownBy(() -> PortProbe.requireFree("TOLLGATE_OPERATIONS", host, 0))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining(host)
                .hasMessageContaining("TOLLGATE_OPERATIONS_HOST");
    }
}
