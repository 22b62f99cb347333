package io.tollgate.controlplane.stream;

import io.tollgate.proto.config.v1.GoodbyeReason;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The watches that are open on this control plane: at most one that counts per node id. Shared; lock-free. */
@ApplicationScoped
public class Sessions {
    /** As the protocol says: a heartbeat each way every two seconds ... */
    static final long HEARTBEAT_MILLIS = 2_000;

    /** ... and three missed ones end the stream. */
    static final long SILENCE_MILLIS_MAX = 3 * HEARTBEAT_MILLIS;

    private static final Logger LOG = Logger.getLogger(Sessions.class);

    private final NodeRegistry registry;
    private final OpenCalls calls;
    private final Set<WatchSession> open = ConcurrentHashMap.newKeySet();
    private final Map<String, WatchSession> byNode = new ConcurrentHashMap<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "stream-heart");
        thread.setDaemon(true);
        return thread;
    });

    Sessions(NodeRegistry registry, OpenCalls calls) {
        this.registry = registry;
        this.calls = calls;
    }

    void start() {
        heart.scheduleAtFixedRate(this::beat, HEARTBEAT_MILLIS, HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop() {
        stopping.set(true);
        heart.shutdown();
        for (WatchSession session : open) {
            session.sayGoodbye(GoodbyeReason.GOODBYE_REASON_STOPPING, "this control plane stops; dial a peer");
        }
        registry.stop();
    }

    void open(WatchSession session) {
        open.add(session);
        if (stopping.get()) {
            session.sayGoodbye(GoodbyeReason.GOODBYE_REASON_STOPPING, "this control plane stops; dial a peer");
        }
    }

    /**
     * Makes {@code session} the one that counts for its node, unless a later start of the node has one.
     *
     * @return false when the session is the older one
     */
    boolean claim(String nodeId, long bootEpoch, WatchSession session) {
        WatchSession[] superseded = new WatchSession[1];
        WatchSession holder = byNode.compute(nodeId, (id, held) -> {
            if (held != null && held.bootEpoch() > bootEpoch) {
                return held;
            }
            superseded[0] = held;
            return session;
        });
        @Nullable WatchSession older = superseded[0];
        if (older != null && older != session) {
            older.sayGoodbye(
                    GoodbyeReason.GOODBYE_REASON_SUPERSEDED, "a newer stream of node " + nodeId + " took over");
        }
        return holder == session;
    }

    /** Forgets a session that ended; the node is disconnected only when no newer session of it took over. */
    void close(WatchSession session) {
        open.remove(session);
        String nodeId = session.nodeId();
        if (nodeId != null && byNode.remove(nodeId, session)) {
            registry.disconnected(session.state());
        }
    }

    /** Takes down what {@code session} has to say about its node, when it is the one that counts. */
    void report(WatchSession session) {
        String nodeId = session.nodeId();
        if (nodeId != null && byNode.get(nodeId) == session) {
            registry.report(session.state());
        }
    }

    /** Tells every node what was taken back, then offers the newest configuration to every node that does not hold it. */
    void offerAll() {
        // To all of them first: an offer may take long.
        for (WatchSession session : open) {
            try {
                session.tellRevoked();
            } catch (RuntimeException e) {
                LOG.errorf(e, "event=revocation-not-told node=%s", session.nodeId());
            }
        }
        for (WatchSession session : open) {
            try {
                session.offer();
            } catch (RuntimeException e) {
                LOG.errorf(e, "event=offer-failed node=%s", session.nodeId());
            }
        }
    }

    private void beat() {
        calls.sweep();
        long nowNanos = System.nanoTime();
        for (WatchSession session : open) {
            try {
                session.beat(nowNanos);
            } catch (RuntimeException e) {
                LOG.errorf(e, "event=heartbeat-failed node=%s", session.nodeId());
            }
        }
    }
}
