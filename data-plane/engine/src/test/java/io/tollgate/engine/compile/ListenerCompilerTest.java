package io.tollgate.engine.compile;

import static io.tollgate.engine.fixture.Wires.gateway;
import static io.tollgate.engine.fixture.Wires.id;
import static io.tollgate.engine.fixture.Wires.listener;
import static io.tollgate.engine.fixture.Wires.put;
import static io.tollgate.engine.fixture.Wires.remove;
import static io.tollgate.engine.fixture.Wires.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.address.Network;
import io.tollgate.engine.listener.ForwardedHeader;
import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Listener;
import io.tollgate.proto.config.v1.ListenerProtocol;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ListenerCompilerTest {
    private final WireConfiguration wire = new WireConfiguration();
    private final ConfigurationCompiler compiler = new ConfigurationCompiler(new CounterTable(), new TargetTable());
    private @Nullable CompiledConfiguration current;

    @Test
    void compile_listener_allItSays() {
        Listener.Builder said = listener("edge", 8443)
                .setAddress("192.0.2.1")
                .addProtocols(ListenerProtocol.LISTENER_PROTOCOL_HTTP2)
                .setProxyProtocol(true)
                .addTrustedProxies("10.0.0.0/8")
                .setForwardedHeaderValue(2);

        assertThat(compile(gateway(), put(said)).listeners()).singleElement().satisfies(rules -> {
            assertThat(rules.id()).isEqualTo(id("edge"));
            assertThat(rules.name()).isEqualTo("edge");
            assertThat(rules.address()).isEqualTo("192.0.2.1");
            assertThat(rules.port()).isEqualTo(8443);
            assertThat(rules.http1()).isTrue();
            assertThat(rules.http2()).isTrue();
            assertThat(rules.proxyProtocol()).isTrue();
            assertThat(rules.trustedProxies()).containsExactly(Objects.requireNonNull(Network.parse("10.0.0.0/8")));
            assertThat(rules.forwardedHeader()).isEqualTo(ForwardedHeader.FORWARDED);
        });
    }

    @Test
    void compile_disabled_isNotListenedOn() {
        assertThat(compile(gateway(), put(listener("edge", 8443).setEnabled(false)))
                        .listeners())
                .isEmpty();
    }

    @Test
    void compile_changedElsewhere_sameListeners() {
        List<ListenerRules> before =
                compile(gateway(), put(listener("edge", 8443))).listeners();

        assertThat(compile(put(service("petstore"))).listeners()).isSameAs(before);
        assertThat(compile(remove(ObjectKind.OBJECT_KIND_LISTENER, "edge")).listeners())
                .isEmpty();
    }

    @Test
    void compile_outsideItsBounds_namesEach() {
        assertThat(problems(
                        gateway(),
                        put(listener("edge", 0)
                                .setAddress("localhost")
                                .addProtocols(ListenerProtocol.LISTENER_PROTOCOL_HTTP1)
                                .addProtocolsValue(7)
                                .addTrustedProxies("10.0.0.1/8")
                                .setForwardedHeaderValue(9)),
                        put(listener("mute", 1).clearProtocols())))
                .containsExactlyInAnyOrder(
                        "edge /address localhost (expected: an IP address)",
                        "edge /port 0 (expected: 1 to 65535)",
                        "edge /protocols/1 http1 (expected: each once)",
                        "edge /protocols/2 7 (expected: http1 or http2)",
                        "edge /trusted_proxies/0 10.0.0.1/8 (expected: an address or a network such as 10.0.0.0/8)",
                        "edge /forwarded_header 9 (expected: x-forwarded-for or forwarded)",
                        "mute /protocols none (expected: at least one of http1 and http2)");
    }

    @Test
    void compile_samePlace_isAProblemOfTheLater() {
        compile(gateway(), put(listener("all", 8000).setAddress("0.0.0.0")), put(listener("other", 8001)));

        assertThat(problems(put(listener("one", 8000).setAddress("127.0.0.1"))))
                .containsExactly(
                        "one /port 127.0.0.1:8000 (expected: an address and port that listener all does not take)");
    }

    @Test
    void compile_samePortElsewhere_isFine() {
        assertThat(compile(
                                gateway(),
                                put(listener("one", 8000).setAddress("127.0.0.1")),
                                put(listener("two", 8000).setAddress("127.0.0.2")))
                        .listeners())
                .extracting(ListenerRules::name)
                .containsExactly("one", "two");
    }

    private CompiledConfiguration compile(Change... changes) {
        wire.apply(List.of(changes));
        CompileResult result = compiler.compile(wire, 1, current);
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        CompiledConfiguration compiled = ((CompileResult.Compiled) result).configuration();
        current = compiled;
        return compiled;
    }

    private List<String> problems(Change... changes) {
        wire.apply(List.of(changes));
        CompileResult result = compiler.compile(wire, 2, current);
        assertThat(result).isInstanceOf(CompileResult.Refused.class);
        return ((CompileResult.Refused) result)
                .problems().stream()
                        .map(problem -> problem.name() + " " + problem.pointer() + " " + problem.detail())
                        .toList();
    }
}
