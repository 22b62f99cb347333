package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.e2e.harness.Load;
import io.tollgate.e2e.harness.Upstream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of a matched request, from the admin API to two upstream processes. */
class ActionsIT {
    private static final int EDITS = 1_000;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Pattern HOST = Pattern.compile("\"host\":\\[\"([^\"]*)\"]");

    private static Cluster cluster;
    private static JsonAdmin admin;
    // One for all tests: it asks for the usage since it was made.
    private static Admin ledger;
    private static Upstream canary;
    private static String key;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("actions", 1);
        admin = new JsonAdmin(cluster.controlPlane());
        ledger = cluster.admin();
        canary = Upstream.start(cluster.directory());
        service("stable", cluster.upstream().port());
        service("canary", canary.port());
        ledger.plan("open");
        key = ledger.subscriber("acme", "open");
    }

    @AfterAll
    static void stop() {
        cluster.close();
        canary.close();
    }

    private static void service(String name, int port) {
        admin.put("/v1/services/" + name, """
                {"name": "%s", "targets": [{"host": "127.0.0.1", "port": %d}]}""".formatted(name, port));
    }

    /** A route that takes /NAME and forwards the rest of the path. */
    private static void route(String name, String members) {
        admin.put("/v1/routes/" + name, """
                {"name": "%s", "paths": [{"type": "prefix", "value": "/%s"}], %s}""".formatted(name, name, members));
    }

    private static void split(String name, int stable, int canary, boolean sticky) {
        route(name, """
                "rewrite": {"replace_prefix": "/"},
                "split": {"services": [{"service": "stable", "weight": %d}, {"service": "canary", "weight": %d}],
                          "sticky": %s}""".formatted(stable, canary, sticky));
    }

    /** Which process answered: the Host that it got. */
    private static String answeredBy(Caller.Reply reply) {
        Matcher host = HOST.matcher(reply.text());
        assertThat(host.find()).as(reply.text()).isTrue();
        return host.group(1);
    }

    private static Map<String, Integer> hostsOf(int calls, String path) throws IOException {
        Map<String, Integer> hosts = new TreeMap<>();
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            for (int i = 0; i < calls; i++) {
                hosts.merge(answeredBy(caller.get(path, key)), 1, Integer::sum);
            }
        }
        return hosts;
    }

    private static Caller.Reply get(String path) throws IOException {
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            return caller.get(path, key);
        }
    }

    private static Caller.Reply getAccepting(String coding, String path) throws IOException {
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            return caller.call(
                    "GET", path, "X-Api-Key: " + key + "\r\nAccept-Encoding: " + coding + "\r\n", new byte[0]);
        }
    }

    @Test
    void canary_growsFromNothingToAll_underLoad_noCallFails() throws Exception {
        split("grow", 100, 0, false);
        assertThat(hostsOf(50, "/grow/echo"))
                .containsOnlyKeys(cluster.upstream().authority());
        try (Load load = Load.startPaced(2, cluster.node(1).proxyPort(), "/grow/echo", key)) {
            load.awaitWhole(50);
            split("grow", 80, 20, false);
            Map<String, Integer> both = hostsOf(500, "/grow/echo");
            // Of 500 draws of one in five, fewer than 50 or more than 160 come once in 10 to the power of 8.
            assertThat(both.get(canary.authority())).isBetween(50, 160);
            split("grow", 0, 100, false);
            assertThat(hostsOf(50, "/grow/echo")).containsOnlyKeys(canary.authority());
            load.awaitWhole(50).stop();
            assertThat(load.failures()).isEmpty();
            assertThat(load.broken()).isZero();
        }
    }

    @Test
    void stickySplit_oneConsumer_alwaysTheSameService() throws Exception {
        split("sticky", 50, 50, true);
        assertThat(hostsOf(60, "/sticky/echo")).hasSize(1);
    }

    @Test
    void mirror_everyCall_reachesTheOtherServiceToo_andIsBilledOnce() throws Exception {
        String mine = ledger.subscriber("mirrored", "open");
        route("copied", """
                "service": "stable", "rewrite": {"replace_prefix": "/"}, "mirror": {"service": "canary"}""");
        double before = metric("tollgate_mirrors_total");
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            for (int i = 0; i < 20; i++) {
                Caller.Reply reply = caller.call(
                        "POST", "/copied/echo", "X-Api-Key: " + mine + "\r\n", ("body " + i).getBytes("US-ASCII"));
                assertThat(reply.text()).contains("body " + i);
                assertThat(answeredBy(reply)).isEqualTo(cluster.upstream().authority());
            }
        }
        Await.until("all copies are sent", SOON, () -> metric("tollgate_mirrors_total") - before == 20);
        assertThat(metric("tollgate_mirrors_failed_total")).isZero();
        Await.untilAsserted(
                SOON, () -> assertThat(ledger.usageOf("mirrored")).containsExactlyEntriesOf(Map.of("success", 20L)));
    }

    @Test
    void redirectAndFixedAnswer_areTheGatewaysOwn() throws Exception {
        route("moved", """
                "redirect": {"scheme": "https", "host": "shop.example.com", "path": {"replace_prefix": "/"}, "status": 308}""");
        Caller.Reply moved = get("/moved/cart?id=7");
        assertThat(moved.status()).isEqualTo(308);
        assertThat(moved.header("location")).isEqualTo("https://shop.example.com/cart?id=7");
        admin.put("/v1/routes/closed", """
                {"name": "closed", "paths": [{"type": "template", "value": "/closed/{shop}"}],
                 "fixed_answer": {"status": 503, "headers": [{"name": "Retry-After", "value": "60"}],
                                  "body": "{shop} is closed to {consumer.name}"}}""");
        Caller.Reply closed = get("/closed/north");
        assertThat(closed.status()).isEqualTo(503);
        assertThat(closed.header("retry-after")).isEqualTo("60");
        assertThat(closed.text()).isEqualTo("north is closed to acme");
    }

    @Test
    void edits_ofBothLegsHostPathAndQuery_reachTheirPlaces() throws Exception {
        admin.put("/v1/routes/edited", """
                {"name": "edited", "service": "stable",
                 "paths": [{"type": "template", "value": "/edited/{tenant}/echo"}],
                 "rewrite": {"replace_full": "/echo/{tenant}"}, "host_rewrite": "{tenant}.internal",
                 "request_header_edits": [{"action": "set", "name": "X-Tenant", "value": "{tenant} of {consumer.name}"}],
                 "response_header_edits": [{"action": "set", "name": "X-Served-By", "value": "{service.name}"}],
                 "query_edits": [{"action": "append", "name": "via", "value": "{route.name}"}]}""");
        Caller.Reply reply = get("/edited/blue/echo?a=1");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("x-served-by")).isEqualTo("stable");
        assertThat(reply.text())
                .contains("\"path\":\"/echo/blue\"", "\"query\":\"a=1&via=edited\"", "\"x-tenant\":[\"blue of acme\"]");
        assertThat(answeredBy(reply)).isEqualTo("blue.internal");
    }

    @Test
    void drill_endsAndDelaysItsShare_untilItIsTakenAway() throws Exception {
        route("drilled", """
                "service": "stable", "rewrite": {"replace_prefix": "/"}""");
        admin.put("/v1/policies/drill", """
                {"name": "drill", "type": "fault-injection", "attachment": {"route": "drilled"},
                 "fault_injection": {"abort_basis_points": 10000, "abort_status": 529}}""");
        Caller.Reply ended = get("/drilled/pets");
        assertThat(ended.status()).isEqualTo(529);
        assertThat(ended.text()).contains("urn:tollgate:problem:fault-injected");
        admin.put("/v1/policies/drill", """
                {"name": "drill", "type": "fault-injection", "attachment": {"route": "drilled"}, "enabled": false,
                 "fault_injection": {"abort_basis_points": 10000}}""");
        assertThat(get("/drilled/pets").status()).isEqualTo(200);
    }

    @Test
    void compression_ofARoute_isForClientsThatAcceptIt() throws Exception {
        route("compressed", """
                "service": "stable", "rewrite": {"replace_prefix": "/"}""");
        admin.put("/v1/policies/smaller", """
                {"name": "smaller", "type": "compression", "attachment": {"route": "compressed"},
                 "compression": {"encodings": ["zstd", "br", "gzip"], "bytes_min": 0}}""");
        for (String coding : List.of("zstd", "br", "gzip")) {
            Caller.Reply coded = getAccepting(coding, "/compressed/pets");
            assertThat(coded.status()).isEqualTo(200);
            assertThat(coded.header("content-encoding")).isEqualTo(coding);
            assertThat(coded.header("vary")).isEqualTo("Accept-Encoding");
        }
        Caller.Reply plain = get("/compressed/pets");
        assertThat(plain.header("content-encoding")).isEmpty();
        assertThat(plain.text()).startsWith("[");
    }

    @Test
    void thousandEdits_ofRoutesWeightsTargetsAndServices_underLoad_everyAnswerIsRight() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String mine = ledger.subscriber("edited-under", "open");
        Edits edits = new Edits(random);
        for (int i = 0; i < Edits.KINDS; i++) {
            edits.make(i);
        }
        try (Load load = Load.startPaced(3, cluster.node(1).proxyPort(), "/busy/echo/7?a=b", mine, ActionsIT::isEcho)) {
            load.awaitWhole(50);
            for (int i = 0; i < EDITS; i++) {
                edits.make(i);
            }
            load.awaitWhole(50).stop();
            assertThat(load.failures()).as("seed %d", seed).isEmpty();
            assertThat(load.broken()).isZero();
            assertThat(load.refusedConnectionCount()).isZero();
            long answered = load.whole();
            Await.untilAsserted(
                    SOON,
                    () -> assertThat(ledger.usageOf("edited-under"))
                            .containsExactlyEntriesOf(Map.of("success", answered)));
        }
    }

    private static boolean isEcho(Caller.Reply reply) {
        return reply.status() == 200
                && reply.text().contains("\"path\":\"/echo/7\"")
                && reply.text().contains("\"query\":\"a=b\"")
                && reply.text().contains("\"x-edited\":[\"");
    }

    private static double metric(String name) throws IOException {
        try (Caller caller = new Caller(cluster.node(1).operationsPort())) {
            return caller.get("/metrics", "")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    /** Edits of what the load goes through, each of them one that leaves it a right answer. */
    private static final class Edits {
        static final int KINDS = 4;

        private final Random random;

        Edits(Random random) {
            this.random = random;
        }

        void make(int number) {
            switch (number % KINDS) {
                case 0 -> targets("busy-a");
                case 1 -> targets("busy-b");
                case 2 -> busyRoute();
                default -> beside(number);
            }
        }

        /** Other targets, weights, choice and checks; at least one target takes calls. */
        private void targets(String service) {
            String own = """
                    {"host": "127.0.0.1", "port": %d, "weight": %d}""".formatted(cluster.upstream().port(), 1 + random.nextInt(100));
            String other = """
                    {"host": "127.0.0.1", "port": %d, "weight": %d}""".formatted(canary.port(), random.nextInt(2) * 100);
            String targets = random.nextBoolean() ? own + "," + other : own;
            String algorithm = new String[] {
                        "\"algorithm\": \"round-robin\"",
                        "\"algorithm\": \"least-in-flight\"",
                        "\"algorithm\": \"consistent-hash\", \"hash_source\": \"client-address\""
                    }
                    [random.nextInt(3)];
            String check = random.nextBoolean() ? "" : """
                    , "health_check": {"type": "http", "path": "/healthz", "interval_millis": %d}""".formatted(200 + random.nextInt(500));
            admin.put("/v1/services/" + service, """
                    {"name": "%s", "targets": [%s], "load_balancing": {%s},
                     "idle_timeout_millis": %d, "concurrency_limit": {"calls_max": %d}%s}""".formatted(
                    service, targets, algorithm, 20_000 + random.nextInt(1000), 50 + random.nextInt(50), check));
        }

        private void busyRoute() {
            String answers = random.nextBoolean()
                    ? "\"service\": \"busy-a\""
                    : """
                    "split": {"services": [{"service": "busy-a", "weight": %d}, {"service": "busy-b", "weight": 1}],
                              "sticky": %s}""".formatted(random.nextInt(9), random.nextBoolean());
            String mirror = random.nextInt(4) == 0 ? ", \"mirror\": {\"service\": \"busy-b\", \"percent\": 50}" : "";
            String path = random.nextBoolean()
                    ? "{\"type\": \"prefix\", \"value\": \"/busy\"}"
                    : "{\"type\": \"prefix\", \"value\": \"/busy\"}, {\"type\": \"exact\", \"value\": \"/other\"}";
            admin.put("/v1/routes/busy", """
                    {"name": "busy", "paths": [%s], "rewrite": {"replace_prefix": "/"}, %s%s,
                     "request_header_edits": [{"action": "set", "name": "X-Edited", "value": "%d"}]}""".formatted(path, answers, mirror, random.nextInt()));
        }

        /** Another route comes or changes; it never takes what the load asks for. */
        private void beside(int number) {
            admin.put("/v1/routes/beside-" + number % 40, """
                    {"name": "beside-%d", "service": "busy-b",
                     "paths": [{"type": "template", "value": "/busy/{a}/%d/{b}"}]}""".formatted(number % 40, random.nextInt()));
        }
    }
}
