package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.ConcurrencyLimit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls of a service that has one place, which is taken, through the whole node. */
class PlacesTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final int LONG_MILLIS = 20_000;

    private final CountDownLatch held = new CountDownLatch(1);

    private static Catalog onePlace(RawUpstream service, int queueMax, int queueTimeoutMillis) {
        return catalog()
                .open()
                .service(
                        "pets",
                        service.port(),
                        one -> one.setConcurrencyLimit(ConcurrencyLimit.newBuilder()
                                .setCallsMax(1)
                                .setQueueMax(queueMax)
                                .setQueueTimeoutMillis(queueTimeoutMillis)
                                .setRetryAfterSeconds(3)))
                .route("plain", "/plain", "pets")
                .route("batch", "/batch", "pets", route -> route.setPriority(10))
                .route("paid", "/paid", "pets", route -> route.setPriority(90));
    }

    private static void send(RawClient client, String path) {
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    /** Takes the place, until the client is reset. */
    private RawClient hold(Gateway gateway) throws InterruptedException {
        RawClient holder = gateway.connect();
        send(holder, "/plain");
        assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
        return holder;
    }

    private static void assertShed(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("Retry-After: 3")
                .contains("urn:tollgate:problem:overloaded");
    }

    @Test
    void noQueue_isShedAtOnce() throws InterruptedException {
        try (RawUpstream service = RawUpstream.holding(held, OK);
                Gateway gateway = Gateway.serving(onePlace(service, 0, LONG_MILLIS));
                RawClient holder = hold(gateway);
                RawClient other = gateway.connect()) {
            assertShed(other.get("/plain"));
            holder.reset();
        }
    }

    @Test
    void queueTimeoutIsOver_isShed() throws InterruptedException {
        try (RawUpstream service = RawUpstream.holding(held, OK);
                Gateway gateway = Gateway.serving(onePlace(service, 1, 50));
                RawClient holder = hold(gateway);
                RawClient other = gateway.connect()) {
            assertShed(other.get("/plain"));
            assertThat(service.requests()).isEmpty();
            holder.reset();
            Await.until("the place is free", () -> gateway.counters().inFlight() == 0);
            assertThat(other.get("/plain")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void callThatWaits_getsThePlaceThatIsLeft() throws InterruptedException {
        try (RawUpstream service = RawUpstream.holding(held, OK);
                Gateway gateway = Gateway.serving(onePlace(service, 1, LONG_MILLIS));
                RawClient holder = hold(gateway);
                RawClient other = gateway.connect()) {
            send(other, "/plain");
            Await.until("it waits", () -> gateway.counters().inFlight() == 2);
            holder.reset();
            assertThat(other.readMessage()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void fullQueue_thePlaceGoesToWhoMattersMost_andTheLeastGivesWay() throws InterruptedException {
        try (RawUpstream service = RawUpstream.holding(held, OK);
                Gateway gateway = Gateway.serving(onePlace(service, 2, LONG_MILLIS));
                RawClient holder = hold(gateway);
                RawClient batch = gateway.connect();
                RawClient plain = gateway.connect();
                RawClient paid = gateway.connect();
                RawClient late = gateway.connect()) {
            send(batch, "/batch");
            Await.until("it waits", () -> gateway.counters().inFlight() == 2);
            send(plain, "/plain");
            Await.until("both wait", () -> gateway.counters().inFlight() == 3);
            send(paid, "/paid");
            assertShed(batch.readMessage());
            // It matters less than all who wait.
            assertShed(late.get("/batch"));
            holder.reset();
            assertThat(paid.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(plain.readMessage()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void callThatWaits_whoseClientGoesAway_leavesThePlaceToOthers() throws InterruptedException {
        try (RawUpstream service = RawUpstream.holding(held, OK);
                Gateway gateway = Gateway.serving(onePlace(service, 5, LONG_MILLIS));
                RawClient holder = hold(gateway);
                RawClient gone = gateway.connect();
                RawClient stays = gateway.connect()) {
            send(gone, "/plain");
            Await.until("it waits", () -> gateway.counters().inFlight() == 2);
            send(stays, "/plain");
            Await.until("both wait", () -> gateway.counters().inFlight() == 3);
            gone.reset();
            Await.until("it is gone", () -> gateway.counters().inFlight() == 2);
            holder.reset();
            assertThat(stays.readMessage()).startsWith("HTTP/1.1 200 ");
        }
    }
}
