package io.tollgate.controlplane.stream;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tollgate.controlplane.catalog.firstsight.NewConsumers;
import io.tollgate.controlplane.catalog.revision.ObjectFault;
import io.tollgate.controlplane.snapshot.ConfigurationMirror;
import io.tollgate.controlplane.snapshot.Head;
import io.tollgate.controlplane.snapshot.Held;
import io.tollgate.controlplane.snapshot.ProtoKinds;
import io.tollgate.controlplane.snapshot.Update;
import io.tollgate.proto.config.v1.Ack;
import io.tollgate.proto.config.v1.ControlHeartbeat;
import io.tollgate.proto.config.v1.ControlMessage;
import io.tollgate.proto.config.v1.Goodbye;
import io.tollgate.proto.config.v1.GoodbyeReason;
import io.tollgate.proto.config.v1.Hello;
import io.tollgate.proto.config.v1.Nack;
import io.tollgate.proto.config.v1.NewSubjects;
import io.tollgate.proto.config.v1.NodeHeartbeat;
import io.tollgate.proto.config.v1.NodeMessage;
import io.tollgate.proto.config.v1.Revoked;
import io.tollgate.proto.config.v1.UpdateKind;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The watch of one node: what it holds, what is on its way to it, what it said.
 *
 * <p>At most one update is in flight. It is remembered before its first byte is sent, and until the node answers it, newer
 * revisions only raise what is wanted: the next update goes from what the node then holds to what is then newest, however many
 * revisions lie between. A refused delta is tried once more as a full snapshot, since the fault may lie in what the delta was
 * put on; a refused snapshot is not sent again, the next revision is.
 *
 * <p>What was taken back is told at once and by itself, before and between updates: a key that was revoked must not work on because a
 * large configuration is on its way.
 *
 * <p>Guarded by its own lock, which may be held while the mirror's is taken, never the other way round.
 */
final class WatchSession implements StreamObserver<NodeMessage> {
    /** The level spoken here; the one before it is served too, once there is one. */
    static final int PROTOCOL_LEVEL = 1;

    static final int PROTOCOL_LEVEL_MIN = 1;

    /** Capability of nodes that want to know what was taken back before the update that says so. */
    private static final String REVOKED = "revoked";

    /** Objections beyond these add nothing that an operator could act on at once. */
    private static final int PROBLEMS_MAX = 100;

    private static final int PROBLEM_CHARACTERS_MAX = 1_000;
    /** Targets that are kept of one node: what people look at, not a store. */
    private static final int TARGETS_MAX = 10_000;
    /** Listeners of one node that are kept: what people look at. */
    private static final int LISTENERS_MAX = 1_000;

    private static final int TEXT_CHARACTERS_MAX = 256;
    /** Subjects of one message: a node tells them one by one. */
    private static final int SUBJECTS_MAX = 100;

    /** A node that has not answered an update for so long will not: it is asked to start over. */
    private static final long ANSWER_MILLIS_MAX = 60_000;

    private static final Pattern NODE_ID = Pattern.compile("[a-z0-9-]{1,63}");
    private static final Logger LOG = Logger.getLogger(WatchSession.class);

    private final ConfigurationMirror mirror;
    private final Sessions sessions;
    private final NewConsumers newConsumers;
    private final ServerCallStreamObserver<ControlMessage> toNode;

    private volatile NodeState.@Nullable Identity identity;
    private boolean ended;
    private long heardAtNanos = System.nanoTime();
    private Held held = Held.NOTHING;
    private @Nullable Update inFlight;
    private long sentAtNanos;
    private Iterator<ControlMessage> unsent = Collections.emptyIterator();
    private long nonce;
    private boolean hearsRevoked;
    private long toldRevision;
    private boolean fullWanted;
    private long durableRevision;
    private long refusedRevision;
    private List<ObjectFault> problems = List.of();
    private List<TargetView> targets = List.of();
    private List<ListenerView> listeners = List.of();
    private @Nullable Instant appliedAt;

    WatchSession(
            ConfigurationMirror mirror,
            Sessions sessions,
            NewConsumers newConsumers,
            ServerCallStreamObserver<ControlMessage> toNode) {
        this.newConsumers = newConsumers;
        this.mirror = mirror;
        this.sessions = sessions;
        this.toNode = toNode;
    }

    /** The node's id; absent before its Hello. */
    @Nullable
    String nodeId() {
        NodeState.Identity known = identity;
        return known == null ? null : known.nodeId();
    }

    long bootEpoch() {
        NodeState.Identity known = identity;
        return known == null ? 0 : known.bootEpoch();
    }

    /** What the node enforces, as this session knows it. Only after its Hello. */
    synchronized NodeState state() {
        NodeState.Identity known = identity;
        if (known == null) {
            throw new IllegalStateException("before Hello");
        }
        Update sent = inFlight;
        return new NodeState(
                known,
                !ended,
                sent == null ? held.revision() : sent.revision(),
                held.revision(),
                durableRevision,
                refusedRevision,
                problems,
                targets,
                listeners,
                appliedAt);
    }

    @Override
    public void onNext(NodeMessage message) {
        synchronized (this) {
            if (ended) {
                return;
            }
            heardAtNanos = System.nanoTime();
            if (identity == null && !message.hasHello()) {
                refuse("the first message must be Hello");
                return;
            }
        }
        switch (message.getMessageCase()) {
            case HELLO -> greet(message.getHello());
            case ACK -> acknowledged(message.getAck());
            case NACK -> refused(message.getNack());
            case HEARTBEAT -> compared(message.getHeartbeat());
            case NEW_SUBJECTS -> met(message.getNewSubjects());
            case MESSAGE_NOT_SET -> LOG.debugf("event=unknown-message node=%s", nodeId());
        }
        sessions.report(this);
        offer();
    }

    @Override
    public void onError(Throwable failure) {
        ended();
    }

    @Override
    public void onCompleted() {
        boolean completes;
        synchronized (this) {
            completes = !ended;
        }
        ended();
        if (completes) {
            toNode.onCompleted();
        }
    }

    /** Sends the newest configuration when the node does not hold it and nothing else is on its way. */
    synchronized void offer() {
        NodeState.Identity known = identity;
        if (ended || known == null) {
            return;
        }
        tellRevoked();
        if (inFlight != null) {
            return;
        }
        Optional<Update> wanted = fullWanted ? Optional.of(mirror.full()) : mirror.updateFrom(held);
        if (wanted.isEmpty() || (wanted.get().revision() == refusedRevision && !fullWanted)) {
            return;
        }
        Update update = wanted.get();
        fullWanted = false;
        inFlight = update;
        sentAtNanos = System.nanoTime();
        nonce++;
        unsent = update.messages(nonce);
        LOG.debugf(
                "event=update-sent node=%s kind=%s from=%d revision=%d changes=%d",
                known.nodeId(),
                update.kind(),
                update.fromRevision(),
                update.revision(),
                update.changes().size());
        pump();
    }

    /**
     * Tells the node what was taken back since. It waits for nothing: not for an update on its way, which it overtakes, nor for the node to
     * have taken one.
     */
    synchronized void tellRevoked() {
        if (ended || identity == null || !hearsRevoked) {
            return;
        }
        for (Revoked revoked : mirror.revokedSince(held, toldRevision)) {
            toldRevision = revoked.getRevision();
            toNode.onNext(ControlMessage.newBuilder().setRevoked(revoked).build());
        }
    }

    /** Writes as much of the update as the connection takes; called again when it takes more. */
    synchronized void pump() {
        while (!ended && unsent.hasNext() && toNode.isReady()) {
            toNode.onNext(unsent.next());
        }
    }

    /** Sends a heartbeat, or ends a stream whose node has fallen silent. */
    void beat(long nowNanos) {
        String overdue;
        synchronized (this) {
            if (ended) {
                return;
            }
            if (nowNanos - heardAtNanos > Sessions.SILENCE_MILLIS_MAX * 1_000_000) {
                overdue = "nothing heard for " + Sessions.SILENCE_MILLIS_MAX + " ms";
            } else if (inFlight != null && nowNanos - sentAtNanos > ANSWER_MILLIS_MAX * 1_000_000) {
                overdue = "update not answered for " + ANSWER_MILLIS_MAX + " ms";
            } else {
                if (identity != null && toNode.isReady()) {
                    toNode.onNext(heartbeat());
                }
                return;
            }
        }
        LOG.infof("event=node-overdue node=%s detail=%s", nodeId(), overdue);
        ended();
        toNode.onError(Status.UNAVAILABLE.withDescription(overdue).asRuntimeException());
    }

    /** Ends the stream on purpose, with a word why. */
    void sayGoodbye(GoodbyeReason reason, String detail) {
        synchronized (this) {
            if (ended) {
                return;
            }
            toNode.onNext(ControlMessage.newBuilder()
                    .setGoodbye(Goodbye.newBuilder().setReason(reason).setDetail(detail))
                    .build());
        }
        ended();
        toNode.onCompleted();
    }

    /** The stream is over, whoever ended it; idempotent. */
    void ended() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            unsent = Collections.emptyIterator();
        }
        sessions.close(this);
        if (nodeId() != null) {
            LOG.infof("event=node-disconnected node=%s epoch=%d", nodeId(), bootEpoch());
        }
    }

    private void greet(Hello hello) {
        if (identity != null) {
            refuse("Hello came twice");
            return;
        }
        if (!NODE_ID.matcher(hello.getNodeId()).matches()) {
            refuse("node_id: " + shortened(hello.getNodeId(), 80)
                    + " (expected: 1 to 63 characters of a-z, 0-9 and -)");
            return;
        }
        if (hello.getProtocolLevel() < PROTOCOL_LEVEL_MIN || hello.getProtocolLevel() > PROTOCOL_LEVEL) {
            refuse("protocol_level: " + Integer.toUnsignedString(hello.getProtocolLevel()) + " (expected: "
                    + PROTOCOL_LEVEL_MIN + " to " + PROTOCOL_LEVEL + ")");
            return;
        }
        if (hello.getBootEpoch() <= 0 || hello.getHeldRevision() < 0) {
            refuse("boot_epoch and held_revision (expected: numbers from 1 and from 0)");
            return;
        }
        NodeState.Identity said = new NodeState.Identity(
                hello.getNodeId(),
                hello.getBootEpoch(),
                shortened(hello.getZone(), TEXT_CHARACTERS_MAX),
                shortened(hello.getVersion(), TEXT_CHARACTERS_MAX),
                shortened(hello.getProxyAddress(), TEXT_CHARACTERS_MAX),
                shortened(hello.getOperationsAddress(), TEXT_CHARACTERS_MAX),
                mirror.now());
        synchronized (this) {
            identity = said;
            hearsRevoked = hello.getCapabilitiesList().contains(REVOKED);
            held = new Held(hello.getHeldRevision(), hello.getHeldDigest(), hello.getHeldControlEpoch());
            // What a node says that it holds at Hello comes from its durable snapshot.
            durableRevision = hello.getHeldRevision();
            appliedAt = held.isNothing() ? null : said.connectedAt();
        }
        if (!sessions.claim(said.nodeId(), said.bootEpoch(), this)) {
            sayGoodbye(
                    GoodbyeReason.GOODBYE_REASON_SUPERSEDED,
                    "a later start of node " + said.nodeId() + " is connected");
            return;
        }
        LOG.infof("event=node-connected node=%s epoch=%d held=%d", said.nodeId(), said.bootEpoch(), held.revision());
        synchronized (this) {
            if (!ended) {
                toNode.onNext(heartbeat());
            }
        }
    }

    private synchronized void acknowledged(Ack ack) {
        Update sent = inFlight;
        durableRevision = Math.max(0, ack.getDurableRevision());
        if (sent == null || ack.getNonce() != nonce || unsent.hasNext()) {
            // The second acknowledgement of an update: it became durable.
            return;
        }
        if (ack.getAppliedRevision() == sent.revision() && ack.getDigest().equals(sent.digest())) {
            inFlight = null;
            held = sent.held();
            appliedAt = mirror.now();
            refusedRevision = 0;
            problems = List.of();
            return;
        }
        notTaken(
                sent,
                List.of(new ObjectFault(
                        "gateway",
                        "",
                        "",
                        "",
                        "revision " + ack.getAppliedRevision() + " has another digest than it was sent with (expected: "
                                + "revision " + sent.revision() + " as it was sent)")));
    }

    private synchronized void refused(Nack nack) {
        Update sent = inFlight;
        if (sent == null || nack.getNonce() != nonce) {
            return;
        }
        List<ObjectFault> objections = nack.getProblemsList().stream()
                .limit(PROBLEMS_MAX)
                .map(problem -> new ObjectFault(
                        ProtoKinds.word(problem.getKind()),
                        shortened(problem.getId(), TEXT_CHARACTERS_MAX),
                        shortened(problem.getName(), TEXT_CHARACTERS_MAX),
                        shortened(problem.getPointer(), TEXT_CHARACTERS_MAX),
                        shortened(problem.getDetail(), PROBLEM_CHARACTERS_MAX)))
                .toList();
        notTaken(sent, objections);
    }

    private void notTaken(Update sent, List<ObjectFault> objections) {
        inFlight = null;
        unsent = Collections.emptyIterator();
        refusedRevision = sent.revision();
        problems = objections;
        fullWanted = sent.kind() == UpdateKind.UPDATE_KIND_DELTA;
        LOG.warnf(
                "event=update-refused node=%s kind=%s revision=%d problems=%s",
                nodeId(), sent.kind(), sent.revision(), objections);
    }

    private synchronized void compared(NodeHeartbeat heartbeat) {
        durableRevision = Math.max(0, heartbeat.getDurableRevision());
        if (heartbeat.getTargetHealthGiven()) {
            targets = heartbeat.getTargetHealthList().stream()
                    .limit(TARGETS_MAX)
                    .map(TargetView::of)
                    .toList();
        }
        if (heartbeat.getListenerStatesGiven()) {
            listeners = heartbeat.getListenerStatesList().stream()
                    .limit(LISTENERS_MAX)
                    .map(ListenerView::of)
                    .toList();
        }
        if (inFlight != null || held.isNothing()) {
            return;
        }
        boolean same = heartbeat.getAppliedRevision() == held.revision()
                && heartbeat.getDigest().equals(held.digest())
                && heartbeat.getControlEpoch().equals(held.controlEpoch());
        if (!same) {
            LOG.warnf(
                    "event=digest-mismatch node=%s revision=%d expected=%d",
                    nodeId(), heartbeat.getAppliedRevision(), held.revision());
            fullWanted = true;
        }
    }

    private void met(NewSubjects subjects) {
        subjects.getSubjectsList().stream().limit(SUBJECTS_MAX).forEach(one -> {
            try {
                newConsumers.tell(new NewConsumers.Subject(UUID.fromString(one.getIssuerId()), one.getSubject()));
            } catch (IllegalArgumentException e) {
                LOG.warnf("event=no-issuer node=%s issuer=%s", nodeId(), shortened(one.getIssuerId(), 80));
            }
        });
    }

    private void refuse(String detail) {
        LOG.warnf("event=node-refused detail=%s", detail);
        sayGoodbye(GoodbyeReason.GOODBYE_REASON_REFUSED, detail);
    }

    private ControlMessage heartbeat() {
        Head head = mirror.head();
        return ControlMessage.newBuilder()
                .setHeartbeat(ControlHeartbeat.newBuilder()
                        .setRevision(head.revision())
                        .setDigest(head.digest())
                        .setControlEpoch(head.controlEpoch()))
                .build();
    }

    private static String shortened(String text, int charactersMax) {
        String clean = text.replace('\0', ' ');
        return clean.length() <= charactersMax ? clean : clean.substring(0, charactersMax);
    }
}
