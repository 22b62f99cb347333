package io.tollgate.node.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlPlaneAddressTest {
    @Test
    void parseList_severalKinds_eachInOrder() {
        assertThat(ControlPlaneAddress.parseList("127.0.0.1:9090, control.example:1,[::1]:65535"))
                .containsExactly(
                        new ControlPlaneAddress("127.0.0.1", 9090),
                        new ControlPlaneAddress("control.example", 1),
                        new ControlPlaneAddress("::1", 65535));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", ":9090", "host:0", "host:65536", "host:x", "a:1,", "::1:9090"})
    void parseList_notAnAddress_refusedWithWhatWasExpected(String text) {
        assertThatThrownBy(() -> ControlPlaneAddress.parseList(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: host:port)");
    }

    @Test
    void toString_ipv6_inBrackets() {
        assertThat(new ControlPlaneAddress("::1", 9090)).hasToString("[::1]:9090");
    }
}
