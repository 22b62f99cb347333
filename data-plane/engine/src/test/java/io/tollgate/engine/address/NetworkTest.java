package io.tollgate.engine.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/9, 10.127.255.255, true",
        "10.0.0.0/9, 10.128.0.0, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "192.0.2.7/32, 192.0.2.7, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::/0, 2001:db8::1, true",
        "::1, ::1, true",
        "192.0.2.0/24, ::ffff:192.0.2.9, true"
    })
    void contains_address_asItsPrefixSays(String network, String address, boolean expected) {
        assertThat(network(network).contains(Objects.requireNonNull(IpAddress.parse(address))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "10.0.0.1/8",
                "10.0.0/8",
                "2001:db8::/129",
                "2001:db8::1/64",
                "localhost",
                "10.0.0.0/8 ",
                "10.0.0.0/+8",
                "1.2.3.4/8/8"
            })
    void parse_noNetwork_isNull(String text) {
        assertThat(Network.parse(text)).isNull();
    }

    @Test
    void equals_sameNetwork_otherPrefixNot() {
        assertThat(network("10.0.0.0/8")).isEqualTo(network("10.0.0.0/8")).hasSameHashCodeAs(network("10.0.0.0/8"));
        assertThat(network("10.0.0.0/8")).isNotEqualTo(network("10.0.0.0/9"));
        assertThat(network("10.0.0.0/8")).isNotEqualTo(network("11.0.0.0/8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "1.2.3",
                "1.2.3.4.5",
                "256.0.0.1",
                "01.2.3.4",
                "1.2.3.4 ",
                "::g",
                ":::",
                "1::2::3",
                "[::1]",
                "fe80::1%eth0",
                "localhost",
                "1234",
                "dead.beef",
                "0x7f.0.0.1"
            })
    void parse_noAddress_isNull(String text) {
        assertThat(IpAddress.parse(text)).isNull();
    }

    private static Network network(String text) {
        return Objects.requireNonNull(Network.parse(text));
    }
}
