package io.tollgate.node.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.tollgate.node.home.DiskKey;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over real TLS, with an authority of the test. */
class MembershipKeeperTest {
    private static final String DISK_KEY = Base64.getEncoder().encodeToString(new byte[DiskKey.BYTES]);
    private static final String SECRET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_";

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong nowMillis = new AtomicLong(System.currentTimeMillis());
    private final List<MembershipKeeper> keepers = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        keepers.forEach(MembershipKeeper::stop);
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    private static String token(int id, String fingerprint) {
        return "tgj1." + String.format("%032x", id) + "." + SECRET + "." + fingerprint;
    }

    private MembershipKeeper keeper(JoinPeer peer, JoinTokenSource tokens) throws Exception {
        return keeper(List.of(peer.address()), tokens);
    }

    private MembershipKeeper keeper(List<ControlPlaneAddress> addresses, JoinTokenSource tokens) throws Exception {
        MembershipKeeper keeper = MembershipKeeper.open(
                vertx,
                addresses,
                new MembershipKeeper.Place("node-1", directory.resolve("membership"), DiskKey.parse(DISK_KEY)),
                tokens,
                new SecureRandom(),
                () -> Instant.ofEpochMilli(nowMillis.get()));
        keepers.add(keeper);
        return keeper;
    }

    private static JoinTokenSource given(String token) {
        return new JoinTokenSource(token, null);
    }

    private static Membership member(MembershipKeeper keeper) {
        Await.until("it is a member", () -> keeper.current() != null);
        return Objects.requireNonNull(keeper.current());
    }

    @Test
    void token_ofThisAuthority_makesAMemberThatARestartKeeps() throws Exception {
        try (JoinPeer peer = JoinPeer.start("127.0.0.1")) {
            MembershipKeeper keeper = keeper(peer, given(token(1, peer.fingerprint())));
            keeper.start();
            Membership member = member(keeper);

            assertThat(peer.joins()).hasSize(1);
            assertThat(peer.joins().get(0).getNodeId()).isEqualTo("node-1");
            assertThat(peer.joins().get(0).getTokenSecret()).isEqualTo(SECRET);
            assertThat(peer.shown()).containsExactly("none");
            keeper.stop();
            MembershipKeeper again = keeper(peer, JoinTokenSource.NONE);
            assertThat(again.current()).isEqualTo(member);
        }
    }

    @Test
    void server_ofAnotherAuthority_isToldNothing() throws Exception {
        try (JoinPeer stranger = JoinPeer.start("127.0.0.1");
                JoinPeer peer = JoinPeer.start("127.0.0.1")) {
            MembershipKeeper keeper =
                    keeper(List.of(stranger.address(), peer.address()), given(token(1, peer.fingerprint())));
            keeper.start();
            member(keeper);

            assertThat(stranger.shown()).isEmpty();
            assertThat(peer.joins()).hasSize(1);
        }
    }

    @Test
    void server_ofThisAuthorityUnderAnotherName_isToldNothing() throws Exception {
        try (JoinPeer peer = JoinPeer.start("127.0.0.1");
                JoinPeer elsewhere = peer.peer("elsewhere.example")) {
            MembershipKeeper keeper =
                    keeper(List.of(elsewhere.address(), peer.address()), given(token(1, peer.fingerprint())));
            keeper.start();
            member(keeper);

            assertThat(elsewhere.shown()).isEmpty();
            assertThat(peer.joins()).hasSize(1);
        }
    }

    @Test
    void answer_lost_isAskedForAgainWithTheSameKey() throws Exception {
        try (JoinPeer peer = JoinPeer.start("127.0.0.1")) {
            peer.refuseNext(Status.UNAVAILABLE);
            MembershipKeeper keeper = keeper(peer, given(token(1, peer.fingerprint())));
            keeper.start();
            member(keeper);

            assertThat(peer.joins()).hasSize(2);
            assertThat(peer.joins().get(1).getPublicKey())
                    .isEqualTo(peer.joins().get(0).getPublicKey());
        }
    }

    @Test
    void certificate_whoseLastThirdHasBegun_isRenewedWithANewKeyAndShownFromThenOn() throws Exception {
        try (JoinPeer peer = JoinPeer.start("127.0.0.1")) {
            MembershipKeeper joining = keeper(peer, given(token(1, peer.fingerprint())));
            joining.start();
            Membership first = member(joining);
            joining.stop();
            // Of three days one is over. A third, and the greatest jitter, are less than 1.25 days before the end.
            nowMillis.addAndGet(Duration.ofHours(17).toMillis());
            assertThat(first.renewAtMillis(new SecureRandom())).isGreaterThan(nowMillis.get());
            nowMillis.addAndGet(Duration.ofHours(8).toMillis());
            MembershipKeeper keeper = keeper(peer, JoinTokenSource.NONE);
            peer.refuseNext(Status.UNAVAILABLE);
            keeper.start();
            Await.until("a newer one", () -> !first.equals(keeper.current()));
            Membership second = member(keeper);

            assertThat(second.certificate().getPublicKey())
                    .isNotEqualTo(first.certificate().getPublicKey());
            assertThat(second.tokenId()).isEqualTo(first.tokenId());
            assertThat(peer.renewals()).hasSize(2);
            assertThat(peer.shown().get(1))
                    .isEqualTo(first.certificate().getSerialNumber().toString(16));
            assertThat(keeper(peer, JoinTokenSource.NONE).current()).isEqualTo(second);
        }
    }

    @Test
    void file_withAnotherToken_letsTheNodeJoinAnewWithoutARestart() throws Exception {
        try (JoinPeer peer = JoinPeer.start("127.0.0.1")) {
            Path file = Files.writeString(directory.resolve("token"), token(1, peer.fingerprint()) + "\n");
            MembershipKeeper keeper = keeper(peer, new JoinTokenSource(null, file));
            keeper.start();
            Membership first = member(keeper);

            peer.refuseNext(Status.UNAUTHENTICATED);
            Files.writeString(file, token(2, peer.fingerprint()));
            Await.until("the refused token was shown", () -> peer.joins().size() == 2);
            assertThat(keeper.current()).isEqualTo(first);
            Files.writeString(file, token(3, peer.fingerprint()));
            Await.until("another certificate", () -> !first.equals(keeper.current()));
            assertThat(peer.joins()).hasSize(3);
        }
    }

    @Test
    void nothing_neitherTokenNorCertificate_isOneLine() throws Exception {
        try (JoinPeer peer = JoinPeer.start("127.0.0.1")) {
            assertThatThrownBy(() -> keeper(peer, JoinTokenSource.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("POST /v1/join-tokens");
        }
    }
}
