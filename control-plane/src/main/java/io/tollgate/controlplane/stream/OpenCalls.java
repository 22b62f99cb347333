package io.tollgate.controlplane.stream;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.tollgate.controlplane.join.Revocations;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * The calls of nodes that have shown a certificate, so that none outlives it. One whose certificate expires ends with UNAVAILABLE: the node
 * dials again with the newer one that it has by then. Shared; lock-free.
 */
@ApplicationScoped
public class OpenCalls {
    private static final Logger LOG = Logger.getLogger(OpenCalls.class);

    private final Revocations revocations;
    private final NodeRefusals refusals;
    private final Clock clock;
    private final Set<Open> open = ConcurrentHashMap.newKeySet();

    OpenCalls(Revocations revocations, NodeRefusals refusals, Clock clock) {
        this.revocations = revocations;
        this.refusals = refusals;
        this.clock = clock;
    }

    /** One call and who made it; it is closed once only, by who serves it or from outside. Shared. */
    static final class Open {
        private final NodeIdentity node;
        private final ServerCall<?, ?> call;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile Runnable whenCut = () -> {};

        Open(NodeIdentity node, ServerCall<?, ?> call) {
            this.node = node;
            this.call = call;
        }

        /** Who serves the call is told that it was cut off. */
        void whenCut(Runnable told) {
            whenCut = told;
        }

        NodeIdentity node() {
            return node;
        }

        boolean isOver() {
            return over.get();
        }

        /** Whether it was not over before. */
        boolean end() {
            return over.compareAndSet(false, true);
        }

        /** Ends the call for the node and for who serves it. */
        void cut(Status status) {
            synchronized (call) {
                if (!end()) {
                    return;
                }
                call.close(status, new Metadata());
            }
            whenCut.run();
        }
    }

    void add(Open call) {
        open.add(call);
        // It may have been revoked while it was let in.
        endIfDue(call, clock.instant());
    }

    void remove(Open call) {
        open.remove(call);
    }

    /** Ends what is revoked or has expired by now. */
    void sweep() {
        Instant now = clock.instant();
        for (Open call : open) {
            try {
                endIfDue(call, now);
            } catch (RuntimeException e) {
                LOG.errorf(e, "event=node-cut-off-failed node=%s", call.node().nodeId());
            }
        }
    }

    private void endIfDue(Open call, Instant now) {
        if (revocations.contains(call.node().serial())) {
            end(call, NodeRefusals.Reason.REVOKED, NodeIdentity.REVOKED);
        } else if (call.node().hasExpired(now)) {
            end(
                    call,
                    NodeRefusals.Reason.EXPIRED,
                    Status.UNAVAILABLE.withDescription("the certificate has expired; dial again with a newer one"));
        }
    }

    private void end(Open call, NodeRefusals.Reason reason, Status status) {
        open.remove(call);
        refusals.count(reason);
        LOG.warnf(
                "event=node-cut-off node=%s serial=%s detail=%s",
                call.node().nodeId(), call.node().serial(), status.getDescription());
        call.cut(status);
    }
}
