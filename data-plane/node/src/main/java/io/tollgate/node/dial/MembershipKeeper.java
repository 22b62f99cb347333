package io.tollgate.node.dial;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tollgate.node.home.DiskKey;
import io.tollgate.proto.join.v1.JoinRequest;
import io.tollgate.proto.join.v1.JoinServiceGrpc;
import io.tollgate.proto.join.v1.NodeCertificate;
import io.tollgate.proto.join.v1.RenewRequest;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes this node a member, and keeps it one: joins with a one-time token, renews the certificate when a third of its life is left, and keeps
 * both on disk. Public methods may be called from any thread; the work is done by one of its own.
 *
 * <p>A join token with another id than the one that the membership came from makes the node join anew, also while its certificate is good:
 * somebody has revoked it, or wants it to be another control plane's. One that is refused is not shown again, and what is held stays.
 */
public final class MembershipKeeper {
    /** How often a file is looked at for another join token. */
    private static final long LOOK_MILLIS = 2_000;

    private static final long ANSWER_MILLIS_MAX = 10_000;
    private static final Logger LOG = System.getLogger(MembershipKeeper.class.getName());

    private final String nodeId;
    private final JoinTokenSource tokens;
    private final MembershipFile file;
    private final StreamDialer dialer;
    private final Backoff backoff;
    private final SecureRandom random;
    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, work -> new Thread(work, "membership"));

    private volatile @Nullable Membership held;

    // Its own thread only.
    private long renewAtMillis;
    private @Nullable UUID refusedToken;
    private String said = "";

    /** Who a node is and where it keeps what it has. Immutable. */
    public record Place(String nodeId, Path file, DiskKey key) {}

    private MembershipKeeper(
            Vertx vertx,
            List<ControlPlaneAddress> addresses,
            Place place,
            JoinTokenSource tokens,
            SecureRandom random,
            InstantSource clock) {
        this.nodeId = place.nodeId();
        this.tokens = tokens;
        this.file = new MembershipFile(place.file(), place.key(), random);
        this.dialer = StreamDialer.ofMember(vertx, addresses, this::current);
        this.backoff = new Backoff(random);
        this.random = random;
        this.clock = clock;
    }

    /**
     * Reads what is on disk; {@link #start} does the rest.
     *
     * @throws IllegalArgumentException with one line for the operator, when there is neither a membership nor a token to get one
     */
    public static MembershipKeeper open(
            Vertx vertx,
            List<ControlPlaneAddress> addresses,
            Place place,
            JoinTokenSource tokens,
            SecureRandom random,
            InstantSource clock)
            throws IOException {
        MembershipKeeper keeper = new MembershipKeeper(vertx, addresses, place, tokens, random, clock);
        Membership kept = keeper.file.read();
        JoinToken token = tokens.read();
        if (kept == null && token == null) {
            throw new IllegalArgumentException(
                    "no join token, and no certificate in the home; set TOLLGATE_JOIN_TOKEN or"
                            + " TOLLGATE_JOIN_TOKEN_FILE to what POST /v1/join-tokens answers, or for a control plane on this machine"
                            + " TOLLGATE_JOIN_TOKEN_FILE to the file join-token in its home");
        }
        if (kept != null) {
            keeper.hold(kept);
        }
        return keeper;
    }

    /** A dialler that shows the certificate as it is by then. */
    public StreamDialer dialer() {
        return dialer.another();
    }

    /** What this node shows; null before it has joined. One that has expired is shown too: the refusal tells why. */
    public @Nullable Membership current() {
        return held;
    }

    /** Joins if need be, and goes on until {@link #stop}. */
    public void start() {
        thread.execute(this::step);
    }

    /** Ends the keeping; what is held stays good. */
    public void stop() {
        thread.shutdownNow();
    }

    private void hold(Membership membership) {
        held = membership;
        renewAtMillis = membership.renewAtMillis(random);
    }

    private void step() {
        long delayMillis;
        try {
            delayMillis = look();
        } catch (IOException | RuntimeException | LinkageError e) {
            // A disk that is full, a bug, or a library that is missing: none must end the keeping in silence.
            LOG.log(Level.ERROR, "event=membership-failed", e);
            delayMillis = backoff.longestDelayMillis();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!thread.isShutdown()) {
            thread.schedule(this::step, delayMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** Does what is due; returns when to look again. */
    private long look() throws IOException, InterruptedException {
        Membership now = held;
        JoinToken token = token();
        if (token != null
                && !token.id().equals(refusedToken)
                && (now == null || !now.tokenId().equals(token.id()))) {
            return join(token);
        }
        if (now == null) {
            say(Level.ERROR, "event=not-joined detail=\"this node has no certificate (expected: a new join token)\"");
            return LOOK_MILLIS;
        }
        if (now.hasExpired(clock.millis())) {
            say(
                    Level.ERROR,
                    "event=certificate-expired not_after=" + Instant.ofEpochMilli(now.notAfterMillis())
                            + " detail=\"the control plane lets this node in no more; give it a new join token: POST"
                            + " /v1/join-tokens with node_id " + nodeId
                            + ", then TOLLGATE_JOIN_TOKEN_FILE, or TOLLGATE_JOIN_TOKEN and a restart\"");
            return LOOK_MILLIS;
        }
        if (clock.millis() >= renewAtMillis) {
            return renew(now);
        }
        long leftMillis = renewAtMillis - clock.millis();
        return tokens.mayChange() ? Math.min(LOOK_MILLIS, leftMillis) : leftMillis;
    }

    private @Nullable JoinToken token() {
        try {
            return tokens.read();
        } catch (IllegalArgumentException none) {
            say(Level.ERROR, "event=join-token-unreadable reason=\"" + none.getMessage() + "\"");
            return null;
        }
    }

    private long join(JoinToken token) throws IOException, InterruptedException {
        KeyPair key = file.keyFor(token);
        AuthorityTrust trust = AuthorityTrust.byFingerprint(token.fingerprint());
        DialedChannel dialed = dialer.dialToJoin(trust);
        JoinRequest request = JoinRequest.newBuilder()
                .setTokenId(token.id().toString())
                .setTokenSecret(token.secret())
                .setNodeId(nodeId)
                .setPublicKey(ByteString.copyFrom(key.getPublic().getEncoded()))
                .build();
        Answer answer = ask(
                dialed, observer -> JoinServiceGrpc.newStub(dialed.channel()).join(request, observer));
        if (answer.certificate() == null) {
            boolean refused = answer.status().getCode() == Status.Code.UNAUTHENTICATED;
            String disbelief = trust.refusal();
            say(
                    Level.ERROR,
                    "event=join-" + (refused ? "refused" : "failed") + " peer=" + dialed.address() + " reason=\""
                            + (disbelief == null ? StreamEnd.reason(answer.status()) : disbelief) + "\"");
            if (refused) {
                refusedToken = token.id();
                return LOOK_MILLIS;
            }
            return backoff.nextDelayMillis();
        }
        return take(token.id(), key, answer.certificate(), "joined");
    }

    private long renew(Membership now) throws IOException, InterruptedException {
        KeyPair key = Membership.newKey(random);
        DialedChannel dialed = dialer.dial();
        RenewRequest request = RenewRequest.newBuilder()
                .setPublicKey(ByteString.copyFrom(key.getPublic().getEncoded()))
                .build();
        Answer answer = ask(
                dialed, observer -> JoinServiceGrpc.newStub(dialed.channel()).renew(request, observer));
        if (answer.certificate() == null) {
            say(
                    Level.WARNING,
                    "event=certificate-not-renewed peer=" + dialed.address() + " not_after="
                            + Instant.ofEpochMilli(now.notAfterMillis()) + " reason=\""
                            + StreamEnd.reason(answer.status()) + "\"");
            return answer.status().getCode() == Status.Code.UNAUTHENTICATED
                    ? backoff.longestDelayMillis()
                    : backoff.nextDelayMillis();
        }
        return take(now.tokenId(), key, answer.certificate(), "renewed");
    }

    /** On disk before it is shown: a certificate that is lost with a crash cannot be asked for again. */
    private long take(UUID tokenId, KeyPair key, NodeCertificate answer, String how) throws IOException {
        Membership got;
        try {
            got = new Membership(
                    tokenId,
                    key.getPrivate(),
                    MembershipFile.certificate(answer.getCertificate().toByteArray()),
                    MembershipFile.certificate(answer.getAuthority().toByteArray()));
        } catch (GeneralSecurityException e) {
            say(Level.ERROR, "event=certificate-unreadable reason=\"" + e.getMessage() + "\"");
            return backoff.longestDelayMillis();
        }
        file.write(got);
        hold(got);
        backoff.reset();
        said = "";
        LOG.log(
                Level.INFO,
                "event=certificate-{0} serial={1} not_after={2}",
                how,
                got.certificate().getSerialNumber().toString(16),
                Instant.ofEpochMilli(got.notAfterMillis()));
        return 0;
    }

    /** One of the two. Immutable. */
    private record Answer(@Nullable NodeCertificate certificate, Status status) {}

    private static Answer ask(DialedChannel dialed, Consumer<StreamObserver<NodeCertificate>> call)
            throws InterruptedException {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            call.accept(new StreamObserver<>() {
                @Override
                public void onNext(NodeCertificate certificate) {
                    answer.complete(new Answer(certificate, Status.OK));
                }

                @Override
                public void onError(Throwable failure) {
                    answer.complete(new Answer(null, Status.fromThrowable(failure)));
                }

                @Override
                public void onCompleted() {
                    answer.complete(
                            new Answer(null, Status.INTERNAL.withDescription("an answer without a certificate")));
                }
            });
            return answer.get(ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return new Answer(null, Status.fromThrowable(e));
        } catch (TimeoutException e) {
            return new Answer(
                    null, Status.DEADLINE_EXCEEDED.withDescription("no answer for " + ANSWER_MILLIS_MAX + " ms"));
        } finally {
            dialed.close();
        }
    }

    /** Each thing once, not once per try. */
    private void say(Level level, String line) {
        if (!line.equals(said)) {
            said = line;
            LOG.log(level, line);
        }
    }
}
