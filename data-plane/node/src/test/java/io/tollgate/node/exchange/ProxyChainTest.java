package io.tollgate.node.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.address.Network;
import io.tollgate.engine.listener.ForwardedHeader;
import io.tollgate.engine.listener.ListenerRules;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies in 10.0.0.0/8 and 2001:db8::/32 are believed. */
class ProxyChainTest {
    private static final Client PEER = new Client("10.0.0.1", false, null, () -> false);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9 | 203.0.113.9",
                "203.0.113.9:4711 | 203.0.113.9",
                "[2001:db9::1]:4711 | 2001:db9:0:0:0:0:0:1",
                "2001:db9::1 | 2001:db9:0:0:0:0:0:1",
                "203.0.113.9, 10.0.0.2 | 203.0.113.9, 10.0.0.2",
                "6.6.6.6, 203.0.113.9, 10.0.0.2 | 203.0.113.9, 10.0.0.2",
                "10.0.0.3, 10.0.0.2 | 10.0.0.3, 10.0.0.2",
                "6.6.6.6, unknown, 10.0.0.2 | 10.0.0.2",
                "6.6.6.6,, 10.0.0.2 | 10.0.0.2",
                "203.0.113.9, 2001:db8::7 | 203.0.113.9, 2001:db8:0:0:0:0:0:7"
            })
    void forwardedFor_list_isReadFromItsEnd(String field, String chain) {
        assertThat(forwardedFor(field).forwardedFor()).isEqualTo(chain);
        assertThat(forwardedFor(field).clientAddress()).isEqualTo(chain.split(",", -1)[0]);
    }

    @Test
    void forwardedFor_severalLines_areOneList() {
        MultiMap fields = fields();
        fields.add("X-Forwarded-For", "6.6.6.6, 203.0.113.9").add("X-Forwarded-For", "10.0.0.2");

        assertThat(chain(fields, ForwardedHeader.X_FORWARDED_FOR))
                .isNotNull()
                .satisfies(chain -> assertThat(chain.forwardedFor()).isEqualTo("203.0.113.9, 10.0.0.2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unknown", "pets", "999.1.1.1", "[::1", "1.2.3.4.", "6.6.6.6, _hidden"})
    void forwardedFor_nothingThatCanBeRead_isNoChain(String field) {
        assertThat(chain(fields().add("X-Forwarded-For", field), ForwardedHeader.X_FORWARDED_FOR))
                .isNull();
    }

    @Test
    void forwardedFor_otherField_isAStrangersWord() {
        assertThat(chain(fields().add("Forwarded", "for=6.6.6.6"), ForwardedHeader.X_FORWARDED_FOR))
                .isNull();
        assertThat(chain(fields().add("X-Forwarded-For", "6.6.6.6"), ForwardedHeader.FORWARDED))
                .isNull();
    }

    @Test
    void forwardedFor_endlessList_isFollowedSoFar() {
        String field = "10.1.1.1, ".repeat(1000) + "10.0.0.2";

        assertThat(forwardedFor(field).forwardedFor().split(",", -1)).hasSize(ProxyChain.HOPS_MAX);
    }

    @Test
    void forwardedFor_protoAndHost_ofTheNearestProxy() {
        ProxyChain chain = Objects.requireNonNull(chain(
                fields().add("X-Forwarded-For", "203.0.113.9")
                        .add("X-Forwarded-Proto", "http, https")
                        .add("X-Forwarded-Host", "evil.example.com, api.example.com:8443"),
                ForwardedHeader.X_FORWARDED_FOR));

        assertThat(chain.isSecure(PEER)).isTrue();
        assertThat(chain.host()).isEqualTo("api.example.com:8443");
    }

    @Test
    void forwardedFor_noProto_isThatOfTheConnection() {
        assertThat(forwardedFor("203.0.113.9").isSecure(PEER)).isFalse();
        assertThat(forwardedFor("203.0.113.9").isSecure(new Client("10.0.0.1", true, null, () -> false)))
                .isTrue();
    }

    @Test
    void host_noHost_isDropped() {
        assertThat(Objects.requireNonNull(chain(
                                fields().add("X-Forwarded-For", "203.0.113.9").add("X-Forwarded-Host", "a b\r"),
                                ForwardedHeader.X_FORWARDED_FOR))
                        .host())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "for=203.0.113.9 | for=203.0.113.9",
                "For=\"203.0.113.9:80\";proto=https | for=203.0.113.9",
                "for=\"[2001:db9::1]:4711\" | for=\"[2001:db9:0:0:0:0:0:1]\"",
                "for=203.0.113.9 , for=10.0.0.2;by=10.0.0.1 | for=203.0.113.9, for=10.0.0.2",
                "for=6.6.6.6, for=203.0.113.9, for=10.0.0.2 | for=203.0.113.9, for=10.0.0.2",
                "for=6.6.6.6, for=_hidden, for=10.0.0.2 | for=10.0.0.2",
                "secret=\"a,b;c\\\"d\";for=203.0.113.9 | for=203.0.113.9"
            })
    void forwarded_list_isReadFromItsEnd(String field, String chain) {
        assertThat(forwarded(field).forwarded()).isEqualTo(chain);
    }

    @Test
    void forwarded_protoAndHost_ofTheClientsElement() {
        ProxyChain chain =
                forwarded("for=203.0.113.9;proto=https;host=api.example.com, for=10.0.0.2;proto=http;host=in");

        assertThat(chain.isSecure(PEER)).isTrue();
        assertThat(chain.host()).isEqualTo("api.example.com");
    }

    @Test
    void forwarded_openQuoteOfAStranger_hidesNothing() {
        MultiMap oneLine = fields().add("Forwarded", "for=\"6.6.6.6, for=203.0.113.9");
        MultiMap twoLines = fields().add("Forwarded", "for=\"6.6.6.6").add("Forwarded", "for=203.0.113.9");

        assertThat(chain(oneLine, ForwardedHeader.FORWARDED)).isNull();
        assertThat(chain(twoLines, ForwardedHeader.FORWARDED))
                .isNotNull()
                .satisfies(chain -> assertThat(chain.clientAddress()).isEqualTo("203.0.113.9"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "for", "for=", "=1.2.3.4", "for=1.2.3.4;", "for=1.2.3.4,", "for=\"1.2.3.4"})
    void forwarded_noElements_isNoChain(String field) {
        assertThat(chain(fields().add("Forwarded", field), ForwardedHeader.FORWARDED))
                .isNull();
    }

    private static ProxyChain forwardedFor(String field) {
        return Objects.requireNonNull(chain(fields().add("X-Forwarded-For", field), ForwardedHeader.X_FORWARDED_FOR));
    }

    private static ProxyChain forwarded(String field) {
        return Objects.requireNonNull(chain(fields().add("Forwarded", field), ForwardedHeader.FORWARDED));
    }

    private static MultiMap fields() {
        return MultiMap.caseInsensitiveMultiMap();
    }

    private static @Nullable ProxyChain chain(MultiMap fields, ForwardedHeader header) {
        List<Network> believed = List.of(
                Objects.requireNonNull(Network.parse("10.0.0.0/8")),
                Objects.requireNonNull(Network.parse("2001:db8::/32")));
        return ProxyChain.read(
                fields,
                new ListenerRules(
                        "id",
                        "edge",
                        "127.0.0.1",
                        1,
                        true,
                        true,
                        false,
                        believed,
                        header,
                        io.tollgate.engine.listener.ListenerBounds.DEFAULTS,
                        null));
    }
}
