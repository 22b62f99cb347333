package io.tollgate.node.sync;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.compile.Problem;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.dial.Backoff;
import io.tollgate.node.dial.StreamDialer;
import io.tollgate.node.dial.StreamEnd;
import io.tollgate.node.sync.ReplicaVerdict.Applied;
import io.tollgate.node.sync.ReplicaVerdict.NextHello;
import io.tollgate.node.sync.ReplicaVerdict.OutOfStep;
import io.tollgate.node.sync.ReplicaVerdict.Refused;
import io.tollgate.proto.config.v1.Ack;
import io.tollgate.proto.config.v1.ControlHeartbeat;
import io.tollgate.proto.config.v1.ControlMessage;
import io.tollgate.proto.config.v1.Goodbye;
import io.tollgate.proto.config.v1.GoodbyeReason;
import io.tollgate.proto.config.v1.Hello;
import io.tollgate.proto.config.v1.Nack;
import io.tollgate.proto.config.v1.NewSubject;
import io.tollgate.proto.config.v1.NewSubjects;
import io.tollgate.proto.config.v1.NodeHeartbeat;
import io.tollgate.proto.config.v1.NodeMessage;
import io.tollgate.proto.config.v1.ObjectProblem;
import io.tollgate.proto.config.v1.Revoked;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the node's configuration at the control plane's: dials, folds and publishes what comes, says what it applied,
 * made durable or refused, and dials again when the stream ends. Public methods may be called from any thread.
 *
 * <p>Implementation note. Three threads. The watch thread owns the replica and everything said on the stream but the
 * heartbeat: an update is compiled, published and acknowledged there. The file thread writes ({@link
 * SnapshotWriter}); when it is done the revision is acknowledged once more, as durable. The heartbeat thread speaks every two seconds also while
 * a large snapshot compiles, and ends a stream on which nothing was heard for three beats.
 */
public final class SnapshotWatch {
    /** What this node can enforce. */
    static final List<String> CAPABILITIES =
            List.of("key-auth", "rate-limit", "identity-headers", "request-target", "revoked");

    static final int PROTOCOL_LEVEL = 1;
    static final long HEARTBEAT_MILLIS = 2_000;
    /** After this much silence a stream is dead. */
    static final long SILENCE_MILLIS_MAX = 3 * HEARTBEAT_MILLIS;

    /** A peer that starts, or a busy machine, may take longer for its first word. */
    static final long FIRST_WORD_MILLIS_MAX = 15_000;

    private static final long STOP_MILLIS_MAX = 2_000;
    /** So begins the reason of a refusal that says why; a stream that is cut off does not. */
    private static final String REFUSED = Status.Code.UNAUTHENTICATED + " ";

    private static final Logger LOG = System.getLogger(SnapshotWatch.class.getName());

    private record Held(long revision, ByteString digest, String controlEpoch, long committedAtMillis) {}

    private final Supplier<NodeHello> hello;
    private final StreamDialer dialer;
    private final Backoff backoff;
    private final SnapshotReplica replica;
    private final SnapshotFile file;
    private final Serving serving;
    private final InstantSource clock;
    private final SerialThread watch = new SerialThread("snapshot-watch");
    private final SerialThread heartbeat = new SerialThread("snapshot-heartbeat");
    private final SnapshotWriter writer;

    private volatile Held held = new Held(0, ByteString.EMPTY, "", 0);
    private volatile @Nullable WatchStream stream;
    private volatile long heardAtMillis;
    private volatile boolean connected;
    private volatile boolean busy;
    private volatile long updatesRefused;
    private volatile Collection<Upstream> upstreams = List.of();

    // Heartbeat thread only.
    private final TargetReport targets;
    private List<ListenerStanding> listenersTold = List.of();
    private @Nullable WatchStream toldOn;

    // Watch thread only.
    private NextHello nextHello = NextHello.WITH_HELD_REVISION;
    private @Nullable WatchStream appliedOn;
    private long appliedNonce;
    private boolean silent;
    private boolean refusalSaid;
    private boolean stopped;

    /**
     * A watch that does nothing before {@link #start}.
     *
     * @param hello asked at each dial, since addresses are known only once the listeners listen
     * @param serving is given each configuration
     */
    public SnapshotWatch(
            Supplier<NodeHello> hello,
            StreamDialer dialer,
            Backoff backoff,
            SnapshotReplica replica,
            SnapshotFile file,
            Serving serving,
            InstantSource clock) {
        this.hello = hello;
        this.dialer = dialer.another();
        this.backoff = backoff;
        this.replica = replica;
        this.file = file;
        this.serving = serving;
        this.clock = clock;
        this.targets = new TargetReport(() -> upstreams, clock);
        this.writer = new SnapshotWriter(replica, file, watch, this::acknowledge);
    }

    /**
     * Publishes the durable snapshot; to be called before {@link #start}.
     *
     * @return whether there was one to serve from; without one the node waits for the control plane
     */
    public boolean restore() throws IOException {
        HeldSnapshot snapshot = file.read();
        if (snapshot == null) {
            return false;
        }
        ReplicaVerdict verdict = replica.restore(snapshot);
        if (verdict instanceof Applied applied) {
            serve(applied.configuration());
            noteHeld();
            writer.restored(snapshot);
            return true;
        }
        file.refuse(
                verdict instanceof Refused refused
                        ? refused.problems().get(0).detail()
                        : "it does not hold what it says");
        return false;
    }

    /** Dials, and goes on until {@link #stop}. */
    public void start() {
        watch.execute(this::connect);
        heartbeat.every(HEARTBEAT_MILLIS, this::beat);
    }

    /** Ends the stream, and makes durable what is applied; what is published stays published. */
    public void stop() throws InterruptedException {
        heartbeat.stopNow();
        watch.execute(() -> {
            stopped = true;
            disconnect();
            writer.writeLast();
        });
        boolean ended = watch.stop(STOP_MILLIS_MAX);
        if (!writer.stop(STOP_MILLIS_MAX) || !ended) {
            LOG.log(Level.WARNING, "event=snapshot-watch-still-busy");
        }
    }

    /** Tells the control plane of a caller who is to become a consumer; without a stream nobody hears of it. */
    public void tellNewSubject(String issuerId, String subject) {
        watch.execute(() -> {
            WatchStream open = stream;
            if (open != null && connected) {
                open.send(NodeMessage.newBuilder()
                        .setNewSubjects(NewSubjects.newBuilder()
                                .addSubjects(NewSubject.newBuilder()
                                        .setIssuerId(issuerId)
                                        .setSubject(subject)))
                        .build());
            }
        });
    }

    /** How the configuration stands. */
    public WatchFigures figures() {
        Held now = held;
        WatchStream open = stream;
        return new WatchFigures(
                now.revision(),
                writer.durableRevision(),
                HexFormat.of().formatHex(now.digest().toByteArray()),
                now.controlEpoch(),
                now.committedAtMillis(),
                open != null && connected ? open.peer() : null,
                heardAtMillis,
                updatesRefused);
    }

    // The stream. Watch thread.

    private void connect() {
        if (stopped || stream != null) {
            return;
        }
        heardAtMillis = clock.millis(); // Silence is counted from here.
        WatchStream open = WatchStream.open(dialer.dial(), watch::execute, new WatchStream.Listener() {
            @Override
            public void onMessage(WatchStream from, ControlMessage message) {
                received(from, message);
            }

            @Override
            public void onRevoked(WatchStream from, Revoked revoked) {
                revoke(from, revoked);
            }

            @Override
            public void onEnd(WatchStream from, Status status) {
                lost(from, StreamEnd.reason(status));
            }
        });
        stream = open;
        open.send(NodeMessage.newBuilder().setHello(helloMessage()).build());
    }

    private Hello helloMessage() {
        NodeHello self = hello.get();
        Hello.Builder message = Hello.newBuilder()
                .setNodeId(self.nodeId())
                .setBootEpoch(self.bootEpoch())
                .setProtocolLevel(PROTOCOL_LEVEL)
                .addAllCapabilities(CAPABILITIES)
                .setZone(self.zone())
                .setVersion(self.version())
                .setProxyAddress(self.proxyAddress())
                .setOperationsAddress(self.operationsAddress());
        if (nextHello == NextHello.WITH_HELD_REVISION) {
            message.setHeldRevision(replica.revision())
                    .setHeldDigest(replica.digest())
                    .setHeldControlEpoch(replica.controlEpoch());
        }
        return message.build();
    }

    private void received(WatchStream from, ControlMessage message) {
        if (stream != from) {
            return;
        }
        connected = true;
        busy = true;
        try {
            handle(from, message);
        } catch (RuntimeException bug) {
            // What was folded may not be what requests follow: everything anew.
            LOG.log(Level.ERROR, "event=watch-message-failed", bug);
            nextHello = NextHello.AS_EMPTY;
            lost(from, "this node failed on a message");
        } finally {
            heardAtMillis = clock.millis();
            busy = false;
        }
    }

    private void handle(WatchStream from, ControlMessage message) {
        switch (message.getMessageCase()) {
            case BEGIN -> replica.begin(message.getBegin());
            case CHUNK -> settle(from, replica.chunk(message.getChunk()));
            case COMMIT -> settle(from, replica.commit(message.getCommit()));
            case HEARTBEAT -> compare(from, message.getHeartbeat());
            case GOODBYE -> leave(from, message.getGoodbye());
            case REVOKED -> throw new IllegalStateException("what was taken back does not wait in line");
            case MESSAGE_NOT_SET -> lost(from, "a message of a kind that this node does not know");
        }
    }

    /** On the thread that reads the stream. */
    private void revoke(WatchStream from, Revoked revoked) {
        if (!from.equals(stream)) {
            return;
        }
        List<UUID> ids = new ArrayList<>(revoked.getCredentialIdsCount() + revoked.getConsumerIdsCount());
        try {
            revoked.getCredentialIdsList().forEach(id -> ids.add(UUID.fromString(id)));
            revoked.getConsumerIdsList().forEach(id -> ids.add(UUID.fromString(id)));
        } catch (IllegalArgumentException e) {
            watch.execute(() -> lost(from, "what was taken back has no ids: " + e.getMessage()));
            return;
        }
        serving.revoke(revoked.getRevision(), ids);
    }

    private void settle(WatchStream from, ReplicaVerdict verdict) {
        if (verdict instanceof Applied applied) {
            serve(applied.configuration());
            noteHeld();
            works(from);
            nextHello = NextHello.WITH_HELD_REVISION;
            appliedOn = from;
            appliedNonce = applied.nonce();
            acknowledge();
            writer.write();
        } else if (verdict instanceof Refused refused) {
            refuse(from, refused);
        } else if (verdict instanceof OutOfStep outOfStep) {
            nextHello = outOfStep.next();
            lost(from, outOfStep.reason());
        }
    }

    private void refuse(WatchStream from, Refused refused) {
        countRefused();
        Problem first = refused.problems().get(0);
        LOG.log(
                Level.ERROR,
                "event=update-refused revision=" + refused.revision() + " held=" + replica.revision() + " problems="
                        + refused.problems().size() + " kind=" + first.kind() + " id=" + first.id() + " reason=\""
                        + first.detail() + "\"");
        Nack.Builder nack = Nack.newBuilder()
                .setNonce(refused.nonce())
                .setRefusedRevision(refused.revision())
                .setHeldRevision(replica.revision());
        for (Problem problem : refused.problems()) {
            nack.addProblems(ObjectProblem.newBuilder()
                    .setKind(problem.kind())
                    .setId(problem.id())
                    .setName(problem.name())
                    .setPointer(problem.pointer())
                    .setDetail(problem.detail()));
        }
        from.send(NodeMessage.newBuilder().setNack(nack).build());
    }

    private void compare(WatchStream from, ControlHeartbeat theirs) {
        works(from);
        if (theirs.getRevision() == replica.revision()
                && theirs.getControlEpoch().equals(replica.controlEpoch())
                && !theirs.getDigest().equals(replica.digest())) {
            nextHello = NextHello.AS_EMPTY;
            lost(from, "the digests of revision " + replica.revision() + " differ");
        }
    }

    private void leave(WatchStream from, Goodbye goodbye) {
        if (goodbye.getReason() == GoodbyeReason.GOODBYE_REASON_STOPPING) {
            lost(from, "the control plane stops");
        } else {
            lost(from, goodbye.getReason() + " " + goodbye.getDetail(), backoff.longestDelayMillis());
        }
    }

    private void works(WatchStream from) {
        backoff.reset();
        if (silent) {
            silent = false;
            refusalSaid = false;
            LOG.log(Level.INFO, "event=watch-works-again peer={0}", from.peer());
        }
    }

    private void lost(WatchStream from, String reason) {
        if (stream == from) {
            lost(from, reason, backoff.nextDelayMillis());
        }
    }

    private void lost(WatchStream from, String reason, long delayMillis) {
        boolean refused = reason.startsWith(REFUSED);
        if (!stopped && (!silent || (refused && !refusalSaid))) {
            // Said once, not once per try: the figures tell how long it lasts. So is a refusal, about which somebody
            // has to do something.
            silent = true;
            refusalSaid = refused;
            LOG.log(Level.WARNING, "event=watch-lost peer={0} reason=\"{1}\"", from.peer(), reason);
        }
        disconnect();
        if (!stopped) {
            watch.after(delayMillis, this::connect);
        }
    }

    private void disconnect() {
        WatchStream open = stream;
        stream = null;
        connected = false;
        replica.dropPending();
        if (open != null) {
            open.close();
        }
    }

    private void acknowledge() {
        WatchStream open = stream;
        if (open == null || open != appliedOn) {
            return; // On a newer stream the hello and the heartbeat say it.
        }
        Held now = held;
        open.send(NodeMessage.newBuilder()
                .setAck(Ack.newBuilder()
                        .setNonce(appliedNonce)
                        .setAppliedRevision(now.revision())
                        .setDurableRevision(writer.durableRevision())
                        .setDigest(now.digest()))
                .build());
    }

    private void noteHeld() {
        held = new Held(replica.revision(), replica.digest(), replica.controlEpoch(), replica.committedAtMillis());
    }

    // The heartbeat thread.

    private void beat() {
        WatchStream open = stream;
        if (open == null) {
            return;
        }
        long silenceMillisMax = connected ? SILENCE_MILLIS_MAX : FIRST_WORD_MILLIS_MAX;
        if (!busy && clock.millis() - heardAtMillis > silenceMillisMax) {
            watch.execute(() -> lost(open, "nothing heard for " + silenceMillisMax + " ms"));
            return;
        }
        Held now = held;
        NodeHeartbeat.Builder beat = NodeHeartbeat.newBuilder()
                .setAppliedRevision(now.revision())
                .setDurableRevision(writer.durableRevision())
                .setDigest(now.digest())
                .setControlEpoch(now.controlEpoch());
        if (!open.equals(toldOn)) {
            toldOn = open;
            targets.forget();
            listenersTold = List.of();
        }
        targets.addTo(beat);
        addListeners(beat);
        open.send(NodeMessage.newBuilder().setHeartbeat(beat).build());
    }

    private void addListeners(NodeHeartbeat.Builder beat) {
        List<ListenerStanding> now = serving.listeners();
        if (!now.equals(listenersTold)) {
            listenersTold = now;
            now.forEach(standing -> beat.addListenerStates(standing.message()));
            beat.setListenerStatesGiven(true);
        }
    }

    private void serve(CompiledConfiguration configuration) {
        upstreams = configuration.upstreams().values();
        serving.serve(configuration);
    }

    private synchronized void countRefused() {
        updatesRefused++;
    }
}
