package io.tollgate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.node.accesslog.LogSettings;
import io.tollgate.node.dial.JoinTokenSource;
import io.tollgate.node.discovery.DnsServers;
import io.tollgate.node.exchange.Believed;
import io.tollgate.node.exchange.RequestIdRules;
import io.tollgate.node.trace.TraceSettings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeConfigTest {
    @TempDir
    Path directory;

    @Test
    void parse_tokenOnly_givesTheDefaults() throws ConfigException {
        NodeConfig config = NodeConfig.parse(Map.of("TOLLGATE_JOIN_TOKEN", "secret", "PATH", "/bin"), 3);

        assertThat(config.home()).isEqualTo(Path.of("var/node"));
        assertThat(config.nodeId()).isNull();
        assertThat(config.zone()).isEmpty();
        assertThat(config.controlPlanes()).hasToString("[127.0.0.1:9090]");
        assertThat(config.security().joinToken()).isEqualTo("secret");
        assertThat(config.proxyHost()).isEqualTo("0.0.0.0");
        assertThat(config.proxyPort()).isEqualTo(8080);
        assertThat(config.operationsHost()).isEqualTo("127.0.0.1");
        assertThat(config.operationsPort()).isEqualTo(8081);
        assertThat(config.eventLoops()).isEqualTo(3);
        assertThat(config.accessLog()).isNull();
        assertThat(config.drainSeconds()).isEqualTo(15);
        assertThat(config.journalBytesMax()).isEqualTo(1_073_741_824L);
        assertThat(config.dnsServers()).isEmpty();
        assertThat(config.requestIds()).isEqualTo(new RequestIdRules(Believed.NOBODY, true, false));
        assertThat(config.traces()).isNull();
        assertThat(config.routeHistograms()).isEqualTo(50);
    }

    @Test
    void parse_everyKey_isTaken() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "from-file\n");
        Path pem = Files.writeString(directory.resolve("pem"), "x");
        Map<String, String> environment = new HashMap<>();
        environment.put("TOLLGATE_HOME", "/h");
        environment.put("TOLLGATE_DISK_KEY", "A".repeat(43) + "=");
        environment.put("TOLLGATE_NODE_ID", "n1");
        environment.put("TOLLGATE_ZONE", "z");
        environment.put("TOLLGATE_CONTROL_PLANE", "a:1,b:2");
        environment.put("TOLLGATE_JOIN_TOKEN_FILE", token.toString());
        environment.put("TOLLGATE_STREAM_TRUST", pem.toString());
        environment.put("TOLLGATE_STREAM_CERTIFICATE", pem.toString());
        environment.put("TOLLGATE_STREAM_KEY", pem.toString());
        environment.put("TOLLGATE_PROXY_HOST", "127.0.0.2");
        environment.put("TOLLGATE_PROXY_PORT", "0");
        environment.put("TOLLGATE_OPERATIONS_HOST", "127.0.0.3");
        environment.put("TOLLGATE_OPERATIONS_PORT", "1");
        environment.put("TOLLGATE_EVENT_LOOPS", "2");
        environment.put("TOLLGATE_ACCESS_LOG", "stdout");
        environment.put("TOLLGATE_ACCESS_LOG_FORMAT", "json");
        environment.put("TOLLGATE_ACCESS_LOG_FIELDS", "status,query");
        environment.put("TOLLGATE_ACCESS_LOG_QUERY", "on");
        environment.put("TOLLGATE_ACCESS_LOG_MASK", "card");
        environment.put("TOLLGATE_ACCESS_LOG_ADDRESS", "truncated");
        environment.put("TOLLGATE_ACCESS_LOG_SAMPLE", "errors=1,default=0.1");
        environment.put("TOLLGATE_ACCESS_LOG_FILE_BYTES_MAX", "1000");
        environment.put("TOLLGATE_ACCESS_LOG_FILES_MAX", "1");
        environment.put("TOLLGATE_DRAIN_SECONDS", "0");
        environment.put("TOLLGATE_JOURNAL_BYTES_MAX", "99000000");
        environment.put("TOLLGATE_REQUEST_ID_FROM", "anyone");
        environment.put("TOLLGATE_REQUEST_ID_TO", "client");
        environment.put("TOLLGATE_TRACES_ENDPOINT", "http://collector:4318/v1/traces");
        environment.put("TOLLGATE_TRACES_RATIO", "0.5");
        environment.put("TOLLGATE_METRICS_ROUTE_HISTOGRAMS", "7");
        environment.put("TOLLGATE_TRACES_PARENT", "proxies");
        environment.put("TOLLGATE_DNS_SERVERS", "192.0.2.1, 192.0.2.2:5353,[2001:db8::1]:54,2001:db8::2");

        NodeConfig config = NodeConfig.parse(environment, 8);

        assertThat(config.home()).isEqualTo(Path.of("/h"));
        assertThat(config.diskKey()).isNotNull();
        assertThat(config.nodeId()).isEqualTo("n1");
        assertThat(config.zone()).isEqualTo("z");
        assertThat(config.controlPlanes()).hasToString("[a:1, b:2]");
        assertThat(config.security().joinToken()).isEqualTo("from-file");
        assertThat(config.security().trust()).isEqualTo(pem);
        assertThat(config.security().certificate()).isEqualTo(pem);
        assertThat(config.security().key()).isEqualTo(pem);
        assertThat(config.proxyHost()).isEqualTo("127.0.0.2");
        assertThat(config.proxyPort()).isZero();
        assertThat(config.operationsHost()).isEqualTo("127.0.0.3");
        assertThat(config.operationsPort()).isEqualTo(1);
        assertThat(config.dnsServers())
                .containsExactly(
                        new InetSocketAddress("192.0.2.1", 53),
                        new InetSocketAddress("192.0.2.2", 5353),
                        new InetSocketAddress("2001:db8::1", 54),
                        new InetSocketAddress("2001:db8::2", 53));
        assertThat(DnsServers.resolverOptions(config.dnsServers()).getServers())
                .as("the last colon is that of the port, whatever the address has")
                .containsExactly(
                        "192.0.2.1:53", "192.0.2.2:5353", "2001:db8:0:0:0:0:0:1:54", "2001:db8:0:0:0:0:0:2:53");
        assertThat(config.eventLoops()).isEqualTo(2);
        assertThat(config.accessLog()).isEqualTo(LogSettings.parse("stdout", key -> environment.getOrDefault(key, "")));
        assertThat(config.drainSeconds()).isZero();
        assertThat(config.journalBytesMax()).isEqualTo(99_000_000);
        assertThat(config.requestIds()).isEqualTo(new RequestIdRules(Believed.ANYONE, false, true));
        assertThat(config.routeHistograms()).isEqualTo(7);
        assertThat(config.traces())
                .isEqualTo(new TraceSettings(URI.create("http://collector:4318/v1/traces"), 0.5, Believed.PROXIES));
    }

    @ParameterizedTest
    @CsvSource({
        "TOLLGATE_DISK_KEY, c2hvcnQ=, 32 bytes in Base64",
        "TOLLGATE_DISK_KEY_FILE, /nowhere/at/all, cannot be read",
        "TOLLGATE_PROXY_PROT, 1, nearest: TOLLGATE_PROXY_PORT",
        "TOLLGATE_PROXY_PORT, 65536, 0 to 65535",
        "TOLLGATE_PROXY_PORT, http, 0 to 65535",
        "TOLLGATE_EVENT_LOOPS, 0, 1 to 1024",
        "TOLLGATE_DRAIN_SECONDS, -1, 0 to 3600",
        "TOLLGATE_CONTROL_PLANE, here, host:port",
        "TOLLGATE_STREAM_TRUST, /nowhere/at/all, cannot be read",
        "TOLLGATE_JOURNAL_BYTES_MAX, 1, expected: at least",
        "TOLLGATE_REQUEST_ID_FROM, me, 'nobody, proxies or anyone'",
        "TOLLGATE_REQUEST_ID_TO, 'upstream,me', or nobody",
        "TOLLGATE_METRICS_ROUTE_HISTOGRAMS, 1001, 0 to 1000",
        "TOLLGATE_TRACES_ENDPOINT, collector:4318, a URL such as",
        "TOLLGATE_DNS_SERVERS, dns.example:53, an IP address",
        "TOLLGATE_DNS_SERVERS, 192.0.2.1:65536, an IP address"
    })
    void parse_badValue_namesTheKeyAndWhatWasExpected(String key, String value, String expected) {
        assertThatThrownBy(() -> NodeConfig.parse(Map.of("TOLLGATE_JOIN_TOKEN", "t", key, value), 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "TOLLGATE_TRACES_RATIO, 1.5, a number from 0 to 1",
        "TOLLGATE_TRACES_RATIO, some, a number from 0 to 1",
        "TOLLGATE_TRACES_PARENT, me, 'nobody, proxies or anyone'"
    })
    void parse_badTraces_namesTheKeyAndWhatWasExpected(String key, String value, String expected) {
        Map<String, String> environment =
                Map.of("TOLLGATE_JOIN_TOKEN", "t", "TOLLGATE_TRACES_ENDPOINT", "http://c/v1/traces", key, value);
        assertThatThrownBy(() -> NodeConfig.parse(environment, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key + " " + value)
                .hasMessageContaining(expected);
    }

    @Test
    void parse_badAccessLog_namesTheKeyAndWhatWasExpected() {
        Map<String, String> environment = Map.of(
                "TOLLGATE_JOIN_TOKEN", "t", "TOLLGATE_ACCESS_LOG", "stdout", "TOLLGATE_ACCESS_LOG_FIELDS", "stauts");
        assertThatThrownBy(() -> NodeConfig.parse(environment, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("TOLLGATE_ACCESS_LOG_FIELDS stauts is no field (nearest: status");
    }

    @Test
    void parse_noToken_leavesItToTheHome() throws ConfigException {
        NodeConfig config = NodeConfig.parse(Map.of(), 1);

        assertThat(config.joinToken()).isEqualTo(JoinTokenSource.NONE);
        assertThat(config.security().joinToken()).isNull();
        assertThat(NodeConfig.parse(Map.of("TOLLGATE_JOIN_TOKEN", "shared"), 1).joinToken())
                .isNull();
    }

    @Test
    void parse_oneTimeToken_isKeptForJoining() throws ConfigException {
        String token = "tgj1." + "0".repeat(32) + "." + "s".repeat(43) + "." + "f".repeat(64);
        NodeConfig config = NodeConfig.parse(Map.of("TOLLGATE_JOIN_TOKEN", token), 1);

        assertThat(config.joinToken()).isEqualTo(new JoinTokenSource(token, null));
        assertThat(config.security().joinToken()).isNull();
        assertThat(config.toString()).doesNotContain("s".repeat(43));
        assertThatThrownBy(() -> NodeConfig.parse(Map.of("TOLLGATE_JOIN_TOKEN", token + "x"), 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("TOLLGATE_JOIN_TOKEN")
                .hasMessageNotContaining("s".repeat(43));
    }
}
