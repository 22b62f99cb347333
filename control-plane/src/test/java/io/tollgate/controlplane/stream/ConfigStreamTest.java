package io.tollgate.controlplane.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tollgate.controlplane.Await;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.proto.config.v1.ControlHeartbeat;
import io.tollgate.proto.config.v1.GoodbyeReason;
import io.tollgate.proto.config.v1.Hello;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.Revoked;
import io.tollgate.proto.config.v1.UpdateBegin;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
final class ConfigStreamTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @Inject
    StreamServer server;

    @Inject
    NodeRegistry registry;

    @Test
    void hello_ofEmptyNode_getsFullSnapshotWithItsDigest() {
        Operator.putService("hello-full", 8000);
        try (TestNode node = TestNode.dial(server.port()).hello("hello-full", 1)) {
            TestNode.Received update = node.next();
            node.fold(update);
            assertThat(update.isFull()).isTrue();
            assertThat(update.begin().getFromRevision()).isZero();
            assertThat(node.digest()).isEqualTo(update.begin().getDigest());
            assertThat(node.wire().size(ObjectKind.OBJECT_KIND_GATEWAY)).isEqualTo(1);
        }
    }

    @Test
    void write_reachesNodeAsDeltaOfThatObjectOnly() {
        try (TestNode node = TestNode.dial(server.port()).hello("delta", 1)) {
            node.take();
            long revision = Operator.putService("delta", 8001);
            TestNode.Received update = node.takeUntil(revision);
            assertThat(update.isFull()).isFalse();
            assertThat(update.changes()).hasSize(1);
            assertThat(update.changes().get(0).getKind()).isEqualTo(ObjectKind.OBJECT_KIND_SERVICE);
            assertThat(node.digest()).isEqualTo(update.begin().getDigest());
        }
    }

    @Test
    void writes_whileNodeIsBusy_areCoalescedIntoOneUpdate() {
        try (TestNode node = TestNode.dial(server.port()).hello("coalesce", 1)) {
            node.take();
            Operator.putService("coalesce", 8001);
            TestNode.Received busyWith = node.next();
            long last = 0;
            for (int port = 8002; port < 8010; port++) {
                last = Operator.putService("coalesce", port);
            }
            assertThat(node.hasUpdate()).isFalse();
            node.fold(busyWith);
            node.ack(busyWith);
            TestNode.Received rest = node.take();
            assertThat(rest.begin().getRevision()).isEqualTo(last);
            assertThat(rest.begin().getFromRevision())
                    .isEqualTo(busyWith.begin().getRevision());
            assertThat(node.digest()).isEqualTo(rest.begin().getDigest());
        }
    }

    @Test
    void revocation_overtakesTheUpdateThatANodeIsBusyWith() {
        Operator.post("/v1/consumers", "{\"name\": \"overtaken\"}");
        Operator.post("/v1/consumers/overtaken/keys", "{\"name\": \"one\"}");
        Operator.post("/v1/consumers/overtaken/keys", "{\"name\": \"two\"}");
        String one = Operator.request().get("/v1/consumers/overtaken/keys/one").path("id");
        String two = Operator.request().get("/v1/consumers/overtaken/keys/two").path("id");
        String consumer = Operator.request().get("/v1/consumers/overtaken").path("id");
        UpdateBegin held;
        try (TestNode node = TestNode.dial(server.port()).hello("overtaken", 1)) {
            held = node.take().begin();
        }
        long away = Operator.delete("/v1/consumers/overtaken/keys/one");
        try (TestNode node = TestNode.dial(server.port()).helloHearingRevoked("overtaken", 2, held)) {
            // What was taken back while it was away, before the update that says so is taken.
            Revoked first = node.nextRevoked();
            assertThat(first.getRevision()).isEqualTo(away);
            assertThat(first.getCredentialIdsList()).containsExactly(one);
            TestNode.Received busyWith = node.next();
            long revision = Operator.delete("/v1/consumers/overtaken/keys/two");
            Revoked second = node.nextRevoked();
            assertThat(second.getRevision()).isEqualTo(revision);
            assertThat(second.getCredentialIdsList()).containsExactly(two);
            Operator.put("/v1/consumers/overtaken", "{\"name\": \"overtaken\", \"enabled\": false}");
            assertThat(node.nextRevoked().getConsumerIdsList()).containsExactly(consumer);
            assertThat(node.hasUpdate()).as("one at a time").isFalse();
            node.fold(busyWith);
            node.ack(busyWith);
            node.take();
            assertThat(node.hasRevoked()).as("told once").isFalse();
        }
    }

    @Test
    void deltas_foldedOverManyRandomWrites_equalFullSnapshot() {
        long seed = System.nanoTime();
        System.out.println("deltas_foldedOverManyRandomWrites_equalFullSnapshot seed=" + seed);
        Random random = new Random(seed);
        try (TestNode node = TestNode.dial(server.port()).hello("folding", 1)) {
            node.take();
            long last = 0;
            for (int i = 0; i < 40; i++) {
                String name = "fold-" + random.nextInt(6);
                if (random.nextInt(4) == 0
                        && Operator.request().get("/v1/services/" + name).statusCode() == 200) {
                    last = Operator.delete("/v1/services/" + name);
                } else {
                    last = Operator.putService(name, 1 + random.nextInt(60_000));
                }
                if (random.nextBoolean()) {
                    node.takeUntil(last);
                }
            }
            if (!node.digest().equals(currentDigest())) {
                node.takeUntil(last);
            }
            try (TestNode fresh = TestNode.dial(server.port()).hello("folding-fresh", 1)) {
                fresh.take();
                assertThat(node.digest()).isEqualTo(fresh.digest());
            }
        }
    }

    @Test
    void reconnect_holdingTheNewest_getsHeartbeatAndNothingElse() {
        UpdateBegin held;
        try (TestNode node = TestNode.dial(server.port()).hello("reconnect-same", 1)) {
            held = node.take().begin();
        }
        try (TestNode node = TestNode.dial(server.port()).hello("reconnect-same", 2, held)) {
            ControlHeartbeat heartbeat = node.nextHeartbeat().getHeartbeat();
            assertThat(heartbeat.getRevision()).isEqualTo(held.getRevision());
            assertThat(heartbeat.getDigest()).isEqualTo(held.getDigest());
            assertThat(heartbeat.getControlEpoch()).isEqualTo(held.getControlEpoch());
            // The next heartbeat comes two seconds later: an update would have come before it.
            node.nextHeartbeat();
            assertThat(node.hasUpdate()).isFalse();
            assertThat(view("reconnect-same").appliedRevision()).isEqualTo(held.getRevision());
        }
    }

    @Test
    void reconnect_holdingAnOlderRevision_getsDelta() {
        UpdateBegin held;
        try (TestNode node = TestNode.dial(server.port()).hello("reconnect-older", 1)) {
            held = node.take().begin();
        }
        Operator.putService("reconnect-older", 8001);
        try (TestNode node = TestNode.dial(server.port()).hello("reconnect-older", 2, held)) {
            TestNode.Received update = node.next();
            assertThat(update.isFull()).isFalse();
            assertThat(update.begin().getFromRevision()).isEqualTo(held.getRevision());
        }
    }

    @Test
    void reconnect_holdingAnotherLineOfRevisions_getsFullSnapshot() {
        UpdateBegin held;
        try (TestNode node = TestNode.dial(server.port()).hello("reconnect-epoch", 1)) {
            held = node.take().begin();
        }
        List<UpdateBegin> strangers = List.of(
                held.toBuilder().setControlEpoch("another").build(),
                held.toBuilder().setRevision(held.getRevision() + 1_000_000).build(),
                held.toBuilder().setDigest(ByteString.copyFrom(new byte[32])).build());
        long epoch = 2;
        for (UpdateBegin stranger : strangers) {
            try (TestNode node = TestNode.dial(server.port()).hello("reconnect-epoch", epoch++, stranger)) {
                assertThat(node.next().isFull()).isTrue();
            }
        }
    }

    @Test
    void ack_showsAppliedAndDurable() {
        try (TestNode node = TestNode.dial(server.port()).hello("acks", 7)) {
            long revision = node.take().begin().getRevision();
            Await.until("applied", SOON, () -> view("acks").appliedRevision() == revision);
            NodeView view = view("acks");
            assertThat(view.live()).isTrue();
            assertThat(view.bootEpoch()).isEqualTo(7);
            assertThat(view.durableRevision()).isEqualTo(revision);
            assertThat(view.configurationAgeMillis()).isZero();
            assertThat(view.refusedRevision()).isNull();
        }
        Await.until("gone", SOON, () -> !view("acks").live());
    }

    @Test
    void nack_isShown_triedOnceAsSnapshot_andEndsWithTheNextRevision() {
        try (TestNode node = TestNode.dial(server.port()).hello("nacks", 1)) {
            node.take();
            long refused = Operator.putService("nacks", 8001);
            TestNode.Received delta = node.next();
            assertThat(delta.isFull()).isFalse();
            node.nack(delta, "too odd (expected: plain)");
            TestNode.Received full = node.next();
            assertThat(full.isFull()).isTrue();
            node.nack(full, "still too odd (expected: plain)");
            Await.until("refusal shown", SOON, () -> {
                Long shown = view("nacks").refusedRevision();
                return shown != null && shown == refused;
            });
            NodeView view = view("nacks");
            assertThat(view.problems()).hasSize(1);
            assertThat(view.problems().get(0).kind()).isEqualTo("route");
            assertThat(view.problems().get(0).pointer()).isEqualTo("/paths/0");
            assertThat(view.configurationAgeMillis()).isPositive();
            assertThat(node.hasUpdate()).isFalse();
            assertThat(registry.awaitPending(refused, Duration.ofMillis(100))).contains("nacks");

            long mended = Operator.putService("nacks", 8002);
            TestNode.Received next = node.takeUntil(mended);
            assertThat(node.digest()).isEqualTo(next.begin().getDigest());
            Await.until("refusal gone", SOON, () -> view("nacks").refusedRevision() == null);
        }
    }

    @Test
    void ack_withAnotherDigest_getsFullSnapshot() {
        try (TestNode node = TestNode.dial(server.port()).hello("wrong-digest", 1)) {
            node.take();
            Operator.putService("wrong-digest", 8001);
            // Acknowledged without being folded: the digest is that of before.
            node.ack(node.next());
            TestNode.Received update = node.take();
            assertThat(update.isFull()).isTrue();
            assertThat(node.digest()).isEqualTo(update.begin().getDigest());
        }
    }

    @Test
    void heartbeat_withAnotherDigest_getsFullSnapshot() {
        try (TestNode node = TestNode.dial(server.port()).hello("drifted", 1)) {
            UpdateBegin held = node.take().begin();
            node.heartbeat(held.getRevision(), ByteString.copyFrom(new byte[32]), held.getControlEpoch());
            assertThat(node.take().isFull()).isTrue();
        }
    }

    @Test
    void secondStream_ofSameNode_supersedesTheFirst() {
        try (TestNode first = TestNode.dial(server.port()).hello("twins", 5)) {
            first.take();
            try (TestNode second = TestNode.dial(server.port()).hello("twins", 5)) {
                assertThat(first.nextGoodbye().getReason()).isEqualTo(GoodbyeReason.GOODBYE_REASON_SUPERSEDED);
                assertThat(first.nextEnd().getCode()).isEqualTo(Status.Code.OK);
                second.take();
                try (TestNode older = TestNode.dial(server.port()).hello("twins", 4)) {
                    assertThat(older.nextGoodbye().getReason()).isEqualTo(GoodbyeReason.GOODBYE_REASON_SUPERSEDED);
                }
                Await.until("live", SOON, () -> view("twins").live());
                assertThat(view("twins").bootEpoch()).isEqualTo(5);
            }
        }
    }

    @Test
    void hello_thatIsNotAcceptable_isRefusedWithTheReason() {
        Hello good = Hello.newBuilder()
                .setNodeId("good")
                .setBootEpoch(1)
                .setProtocolLevel(1)
                .build();
        List<Hello> bad = List.of(
                good.toBuilder().setProtocolLevel(0).build(),
                good.toBuilder().setProtocolLevel(2).build(),
                good.toBuilder().setNodeId("").build(),
                good.toBuilder().setNodeId("Not A Node").build(),
                good.toBuilder().setNodeId("x".repeat(64)).build(),
                good.toBuilder().setBootEpoch(0).build(),
                good.toBuilder().setBootEpoch(-1).build());
        for (Hello hello : bad) {
            try (TestNode node = TestNode.dial(server.port()).hello(hello)) {
                assertThat(node.nextGoodbye().getReason()).isEqualTo(GoodbyeReason.GOODBYE_REASON_REFUSED);
                assertThat(node.nextEnd().getCode()).isEqualTo(Status.Code.OK);
            }
        }
    }

    @Test
    void firstMessage_otherThanHello_isRefused() {
        try (TestNode node = TestNode.dial(server.port())) {
            node.heartbeat(1, ByteString.EMPTY, "");
            assertThat(node.nextGoodbye().getReason()).isEqualTo(GoodbyeReason.GOODBYE_REASON_REFUSED);
        }
    }

    @Test
    void joinToken_missingOrWrong_isUnauthenticated() {
        for (String token : List.of("", "wrong", TestNode.JOIN_TOKEN + "x")) {
            try (TestNode node = TestNode.dialWith(server.port(), token)) {
                assertThat(node.nextEnd().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            }
        }
    }

    @Test
    void silentNode_isDisconnectedAfterThreeHeartbeats() {
        try (TestNode node = TestNode.dial(server.port()).hello("silent", 1)) {
            node.take();
            assertThat(node.nextEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            Await.until("not live", SOON, () -> !view("silent").live());
        }
    }

    @Test
    void awaitPending_namesTheNodesThatHaveNotApplied_andEndsWhenTheyHave() throws InterruptedException {
        try (TestNode node = TestNode.dial(server.port()).hello("waits", 1)) {
            node.take();
            long revision = Operator.putService("waits", 8001);
            assertThat(registry.awaitPending(revision, Duration.ofMillis(50))).contains("waits");
            Thread applies = new Thread(() -> node.takeUntil(revision));
            applies.start();
            Await.until(
                    "applied",
                    SOON,
                    () -> !registry.awaitPending(revision, Duration.ofSeconds(5))
                            .contains("waits"));
            applies.join();
        }
    }

    @Test
    void nodes_overTheAdminApi_areListedReadAndForgotten() {
        try (TestNode node = TestNode.dial(server.port()).hello("listed", 1)) {
            node.take();
            Await.until("live", SOON, () -> view("listed").live());
            assertThat(Operator.request()
                            .get("/v1/nodes?live=true")
                            .path("items.id")
                            .toString())
                    .contains("listed");
            assertThat(Operator.request().delete("/v1/nodes/listed").statusCode())
                    .isEqualTo(409);
        }
        Await.until("gone", SOON, () -> !view("listed").live());
        assertThat(Operator.request().get("/v1/nodes/listed").path("live").toString())
                .isEqualTo("false");
        assertThat(Operator.request().delete("/v1/nodes/listed").statusCode()).isEqualTo(204);
        assertThat(Operator.request().get("/v1/nodes/listed").statusCode()).isEqualTo(404);
    }

    @Inject
    NodeDirectory directory;

    /** A node that has said hello; the registry writes it down a little later. */
    private NodeView view(String nodeId) {
        Await.until(
                "known",
                SOON,
                () -> Operator.request().get("/v1/nodes/" + nodeId).statusCode() == 200);
        return io.tollgate.controlplane.DatabaseFailure.unchecked(() -> directory.get(nodeId));
    }

    private ByteString currentDigest() {
        try (TestNode node = TestNode.dial(server.port()).hello("digest-reader", System.nanoTime())) {
            return node.next().begin().getDigest();
        }
    }
}
