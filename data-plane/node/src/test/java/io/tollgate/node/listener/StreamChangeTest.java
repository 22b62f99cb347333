package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.TestIssuer;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Frames;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Access;
import io.tollgate.proto.config.v1.AccessEffect;
import io.tollgate.proto.config.v1.AccessRule;
import io.tollgate.proto.config.v1.ConsumerBy;
import io.tollgate.proto.config.v1.KeyEnvironment;
import io.tollgate.proto.config.v1.Route;
import io.tollgate.proto.config.v1.StreamChange;
import io.tollgate.proto.config.v1.StreamRule;
import io.tollgate.proto.config.v1.TimeWindow;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Streams under way while the configuration changes around them: who may go on, and for how long. */
class StreamChangeTest {
    private static final String EVENTS = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static final StreamRule CLOSE = rule(StreamChange.STREAM_CHANGE_CLOSE, 30);
    private static final StreamRule DRAIN = rule(StreamChange.STREAM_CHANGE_DRAIN, 60);

    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("HH:mm");

    private final AtomicLong aheadNanos = new AtomicLong();
    private final AtomicLong aheadMillis = new AtomicLong();
    private final Clock clock = new Clock() {
        @Override
        public long nanos() {
            return Gateway.CLOCK.nanos() + aheadNanos.get();
        }

        @Override
        public long epochMillis() {
            return Gateway.CLOCK.epochMillis() + aheadMillis.get();
        }
    };

    /** Switches and echoes small frames without their masks, or answers with a stream of events that never ends. */
    private static RawUpstream service() {
        return RawUpstream.scripted(connection -> {
            String request = connection.readMessage();
            if (request.startsWith("GET /ws")) {
                connection.send(Frames.switched());
                while (true) {
                    String frame = connection.read(7);
                    if (frame.length() < 7) {
                        return;
                    }
                    connection.send(Frames.text(Frames.mask(frame.substring(6))));
                }
            }
            connection.send(EVENTS + "2\r\nhi\r\n");
            connection.readToEnd();
        });
    }

    private static Catalog withKey() {
        return catalog().plan("gold").consumer("acme", "gold");
    }

    private static RawClient webSocket(Gateway gateway, String... fields) {
        RawClient client = gateway.connect();
        client.send(Frames.request("/ws", fields));
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        return client;
    }

    private static RawClient events(Gateway gateway, String... fields) {
        RawClient client = gateway.connect();
        client.send("GET /events HTTP/1.1\r\nHost: a\r\n" + RawClient.lines(fields) + "\r\n");
        client.readHead();
        assertThat(client.read(7)).isEqualTo("2\r\nhi\r\n");
        return client;
    }

    private static void echoes(RawClient client) {
        client.send(Frames.masked("x"));
        assertThat(client.read(3)).isEqualTo(Frames.text("x"));
    }

    /** Returns when the gateway has looked at all streams after now: one that must end by then has. */
    private void look(Gateway gateway, Catalog catalog, String... fields) {
        String service = "canary";
        catalog.route("canary", "/canary", service, route -> route.setStreams(CLOSE));
        gateway.serve(catalog);
        try (RawClient canary = gateway.connect()) {
            canary.send("GET /canary HTTP/1.1\r\nHost: a\r\n" + RawClient.lines(fields) + "\r\n");
            canary.readHead();
            assertThat(canary.read(7)).isEqualTo("2\r\nhi\r\n");
            gateway.serve(catalog.route(
                    "canary",
                    "/canary",
                    service,
                    route -> route.setStreams(CLOSE).addHosts("a")));
            aheadNanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            assertThat(canary.isClosedByPeer()).isTrue();
        }
    }

    private void assertRevoked(Consumer<Catalog> change) {
        Catalog catalog = withKey();
        String key = catalog.key("acme");
        assertRevoked(catalog, key, () -> change.accept(catalog));
    }

    private void assertRevoked(Catalog catalog, String key, Runnable change) {
        assertEnds(catalog, "X-Api-Key: " + key, change);
    }

    /** @param field with which the caller proves itself */
    private void assertEnds(Catalog catalog, String field, Runnable change) {
        try (RawUpstream service = service();
                Gateway gateway =
                        Gateway.serving(catalog.service("news", service.port()).route("news", "/", "news"), clock);
                RawClient socket = webSocket(gateway, field);
                RawClient events = events(gateway, field)) {
            echoes(socket);
            aheadNanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            echoes(socket);
            change.run();
            gateway.serve(catalog);

            assertThat(socket.readToEnd()).isEqualTo(Frames.close(1008));
            assertThat(events.isClosedByPeer()).isTrue();
            Await.until("both are told", () -> gateway.counters().count(Outcome.STREAM_REVOKED) == 2);
            assertThat(gateway.usage().classes()).containsExactlyInAnyOrder(OutcomeClass.SUCCESS, OutcomeClass.ABORTED);
        }
    }

    @Test
    void credential_revoked_endsItsStreams() {
        Catalog catalog = withKey();
        String key = catalog.key("acme");
        assertRevoked(catalog, key, () -> catalog.credential(key, "acme", credential -> credential.setRevoked(true)));
    }

    @Test
    void credential_deleted_endsItsStreams() {
        Catalog catalog = withKey();
        String key = catalog.key("acme");
        assertRevoked(catalog, key, () -> catalog.remove("credential", key));
    }

    @Test
    void credential_expiring_endsItsStreamsWithoutAChange() {
        Catalog catalog = withKey();
        long expiresAtMillis = Gateway.CLOCK.epochMillis() + 3_600_000;
        String key = catalog.key("acme", credential -> credential.setExpiresAtMillis(expiresAtMillis));
        assertRevoked(catalog, key, () -> aheadMillis.set(3_600_001));
    }

    @Test
    void key_thatIsNotForTheNetworkAnyMore_endsItsStreams() {
        Catalog catalog = withKey();
        String key = catalog.key("acme", credential -> credential.addNetworks("127.0.0.0/8"));
        assertRevoked(
                catalog,
                key,
                () -> catalog.credential(key, "acme", credential -> credential.addNetworks("192.0.2.0/24")));
    }

    @Test
    void key_ofAnEnvironmentThatIsNotTakenAnyMore_endsItsStreams() {
        assertRevoked(catalog -> catalog.policy("keys", policy -> {
            policy.getKeyAuthBuilder().addHeaderNames("X-Api-Key").addEnvironments(KeyEnvironment.KEY_ENVIRONMENT_TEST);
            return policy;
        }));
    }

    @Test
    void key_thatIsForAnotherEnvironmentNow_endsItsStreams() {
        Catalog catalog = withKey().policy("keys", policy -> {
            policy.getKeyAuthBuilder().addHeaderNames("X-Api-Key").addEnvironments(KeyEnvironment.KEY_ENVIRONMENT_LIVE);
            return policy;
        });
        String key = catalog.key("acme");
        assertRevoked(
                catalog,
                key,
                () -> catalog.credential(
                        key, "acme", credential -> credential.setEnvironment(KeyEnvironment.KEY_ENVIRONMENT_TEST)));
    }

    private static final TestIssuer LOGIN = TestIssuer.of("k1", "ES256");

    private static Catalog withTokens() {
        return withKey()
                .tokenIssuer(
                        "login",
                        issuer ->
                                issuer.setJwks(TestIssuer.jwks(LOGIN)).setConsumerBy(ConsumerBy.CONSUMER_BY_CREDENTIAL))
                .binding("b1", "acme", "login", "client-7")
                .jwt("login", policy -> policy);
    }

    private void assertTokenEnds(Consumer<Catalog> change) {
        Catalog catalog = withTokens();
        String token =
                LOGIN.token(TestIssuer.claims("https://login.example.com", "client-7", Gateway.CLOCK.epochMillis()));
        assertEnds(catalog, "Authorization: Bearer " + token, () -> change.accept(catalog));
    }

    @Test
    void token_expiring_endsItsStreamsWithoutAChange() {
        assertTokenEnds(catalog -> aheadMillis.set(3_600_001));
    }

    @Test
    void token_whoseIssuerIsDisabled_endsItsStreams() {
        assertTokenEnds(catalog -> catalog.tokenIssuer(
                "login", issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN)).setEnabled(false)));
    }

    @Test
    void token_whoseIssuerHasOtherKeys_endsItsStreams() {
        assertTokenEnds(catalog -> catalog.tokenIssuer(
                "login",
                issuer -> issuer.setJwks(TestIssuer.jwks(TestIssuer.of("k1", "ES256")))
                        .setConsumerBy(ConsumerBy.CONSUMER_BY_CREDENTIAL)));
    }

    @Test
    void token_whoseIssuerAsksForMore_endsItsStreams() {
        assertTokenEnds(catalog -> catalog.tokenIssuer(
                "login",
                issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN))
                        .setConsumerBy(ConsumerBy.CONSUMER_BY_CREDENTIAL)
                        .addAudiences("api")));
    }

    @Test
    void token_whoseBindingIsGone_endsItsStreams() {
        assertTokenEnds(catalog -> catalog.remove("credential", "b1"));
    }

    @Test
    void token_whoseIssuerChangesInWhatDoesNotMatter_keepsItsStreams() {
        Catalog catalog = withTokens();
        String field = "Authorization: Bearer "
                + LOGIN.token(TestIssuer.claims("https://login.example.com", "client-7", Gateway.CLOCK.epochMillis()));
        try (RawUpstream service = service();
                Gateway gateway =
                        Gateway.serving(catalog.service("news", service.port()).route("news", "/", "news"), clock);
                RawClient socket = webSocket(gateway, field)) {
            echoes(socket);
            gateway.serve(catalog.tokenIssuer(
                    "login",
                    issuer -> issuer.setJwks(TestIssuer.jwks(LOGIN, TestIssuer.of("k2", "ES256")))
                            .setConsumerBy(ConsumerBy.CONSUMER_BY_CREDENTIAL)));
            aheadNanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            catalog.service("canary", service.port());
            look(gateway, catalog, field);
            echoes(socket);
        }
    }

    @Test
    void consumer_disabled_endsItsStreams() {
        assertRevoked(catalog -> catalog.consumer("acme", consumer -> consumer.setEnabled(false)));
    }

    @Test
    void subscription_removed_endsItsStreams() {
        assertRevoked(catalog -> catalog.remove("subscription", "acme"));
    }

    @Test
    void plan_withoutTheRoute_endsItsStreams() {
        assertRevoked(catalog -> catalog.plan("gold", plan -> plan));
    }

    @Test
    void access_ruleThatRefusesNow_endsItsStreams() {
        assertRevoked(catalog -> catalog.policy(
                "readers",
                policy -> policy.setAccess(Access.newBuilder()
                        .addRules(AccessRule.newBuilder()
                                .setEffect(AccessEffect.ACCESS_EFFECT_ALLOW)
                                .addGroups("readers")))));
    }

    @Test
    void access_scopeTakenFromTheKey_endsItsStreams() {
        Catalog catalog = withKey()
                .policy(
                        "readers",
                        policy -> policy.setAccess(Access.newBuilder()
                                .addRules(AccessRule.newBuilder()
                                        .setEffect(AccessEffect.ACCESS_EFFECT_ALLOW)
                                        .addScopes("read"))));
        String key = catalog.key("acme", credential -> credential.addScopes("read"));
        assertRevoked(catalog, key, () -> catalog.credential(key, "acme", credential -> credential));
    }

    @Test
    void access_timeOver_endsItsStreamsWithoutAChange() {
        // Open now, and not in eleven hours and more.
        ZonedDateTime now = Instant.ofEpochMilli(Gateway.CLOCK.epochMillis()).atZone(ZoneOffset.UTC);
        Catalog catalog = withKey()
                .policy(
                        "hours",
                        policy -> policy.setAccess(Access.newBuilder()
                                .addRules(AccessRule.newBuilder()
                                        .setEffect(AccessEffect.ACCESS_EFFECT_ALLOW)
                                        .addTimeWindows(TimeWindow.newBuilder()
                                                .setFrom(HOUR.format(now.minusHours(1)))
                                                .setTo(HOUR.format(now.plusHours(10)))
                                                .setTimeZone("UTC")))));
        String key = catalog.key("acme");
        assertRevoked(catalog, key, () -> aheadMillis.set(TimeUnit.HOURS.toMillis(12)));
    }

    @Test
    void credential_ofAnother_endsNothing() {
        Catalog catalog = withKey();
        String key = catalog.key("acme");
        String other = catalog.key("acme");
        try (RawUpstream service = service();
                Gateway gateway = Gateway.serving(
                        catalog.service("news", service.port())
                                .service("canary", service.port())
                                .route("news", "/", "news"),
                        clock);
                RawClient socket = webSocket(gateway, "X-Api-Key: " + key)) {
            gateway.serve(catalog.credential(other, "acme", credential -> credential.setRevoked(true)));
            look(gateway, catalog, "X-Api-Key: " + key);
            echoes(socket);
        }
    }

    private void withStreams(StreamRule rule, Changed then) {
        withStreams(route -> route.setStreams(rule), then);
    }

    private void withStreams(UnaryOperator<Route.Builder> rule, Changed then) {
        try (RawUpstream service = service()) {
            Catalog catalog = catalog()
                    .open()
                    .service("news", service.port(), news -> news.setIdleTimeoutMillis(3_600_000))
                    .service("other", service.port())
                    .service("canary", service.port())
                    .route("a-first", "/first", "other")
                    .route("news", "/", "news", rule);
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient socket = webSocket(gateway);
                    RawClient events = events(gateway)) {
                echoes(socket);
                then.run(new Streams(gateway, catalog, socket, events));
            }
        }
    }

    private record Streams(Gateway gateway, Catalog catalog, RawClient socket, RawClient events) {
        void change(Consumer<Catalog> edit) {
            edit.accept(catalog);
            gateway.serve(catalog);
        }

        /** @param all streams that were closed in this test */
        void assertClosed(int all) {
            assertThat(socket.readToEnd()).isEqualTo(Frames.close(1001));
            assertThat(events.isClosedByPeer()).isTrue();
            Await.until("both are told", () -> gateway.counters().count(Outcome.STREAM_CLOSED) == all);
        }
    }

    private interface Changed {
        void run(Streams streams);
    }

    private static StreamRule rule(StreamChange change, int seconds) {
        return StreamRule.newBuilder()
                .setOnChange(change)
                .setDrainSeconds(seconds)
                .build();
    }

    @Test
    void route_withoutARule_keepsItsStreamsThroughEditsAndRemoval() {
        withStreams(route -> route, streams -> {
            streams.change(catalog -> catalog.route("news", "/other", "other"));
            look(streams.gateway(), streams.catalog());
            echoes(streams.socket());
            streams.change(catalog -> catalog.remove("route", "news").remove("service", "news"));
            look(streams.gateway(), streams.catalog());
            echoes(streams.socket());
        });
    }

    @Test
    void route_edited_closesItsStreamsWhereItSaysSo() {
        withStreams(CLOSE, streams -> {
            streams.change(catalog -> catalog.route(
                    "news", "/", "news", route -> route.setStreams(CLOSE).addHosts("a.b")));
            aheadNanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            streams.assertClosed(2);
        });
    }

    @Test
    void route_removed_closesItsStreamsWhereItSaidSo() {
        withStreams(CLOSE, streams -> {
            streams.change(catalog -> catalog.remove("route", "news"));
            aheadNanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            streams.assertClosed(2);
        });
    }

    @Test
    void service_edited_closesTheStreamsOfItsRoutesWhereTheySaySo() {
        withStreams(CLOSE, streams -> {
            streams.change(catalog -> catalog.service("news", 1));
            aheadNanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            streams.assertClosed(2);
        });
    }

    @Test
    void change_ofOtherObjects_closesNothing() {
        withStreams(CLOSE, streams -> {
            // The last route takes the place of the one that goes, and is the same all the same.
            streams.change(catalog -> catalog.remove("route", "a-first").service("other", 1));
            look(streams.gateway(), streams.catalog());
            echoes(streams.socket());
        });
    }

    @Test
    void route_edited_drainsItsStreamsForAsLongAsItSays() {
        withStreams(DRAIN, streams -> {
            streams.change(catalog -> catalog.route(
                    "news", "/", "news", route -> route.setStreams(DRAIN).addHosts("a.b")));
            look(streams.gateway(), streams.catalog());
            aheadNanos.addAndGet(TimeUnit.SECONDS.toNanos(40));
            echoes(streams.socket());
            aheadNanos.addAndGet(TimeUnit.SECONDS.toNanos(30));
            streams.assertClosed(3);
        });
    }

    @Test
    void route_withANewRule_followsTheNewOne() {
        withStreams(route -> route, streams -> {
            streams.change(catalog -> catalog.route("news", "/", "news", route -> route.setStreams(CLOSE)));
            aheadNanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            streams.assertClosed(2);
        });
    }
}
