package io.tollgate.controlplane.stream;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.tollgate.controlplane.join.Revocations;
import io.tollgate.proto.config.v1.NodeMessage;
import io.tollgate.proto.join.v1.JoinServiceGrpc;
import io.tollgate.proto.usage.v1.UsageBatch;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lets in only calls of nodes that show a good certificate of the authority, and ends them when a node says that it is another one, on
 * either stream. {@code Join} alone is let in without: whoever calls it has nothing yet. Shared; lock-free.
 */
@ApplicationScoped
public class CertificateCheck implements ServerInterceptor {
    private static final Logger LOG = Logger.getLogger(CertificateCheck.class);
    private static final String JOIN = JoinServiceGrpc.getJoinMethod().getFullMethodName();
    private static final int TEXT_CHARACTERS_MAX = 63;

    private final Revocations revocations;
    private final OpenCalls calls;
    private final NodeRefusals refusals;
    private final Clock clock;

    CertificateCheck(Revocations revocations, OpenCalls calls, NodeRefusals refusals, Clock clock) {
        this.revocations = revocations;
        this.calls = calls;
        this.refusals = refusals;
        this.clock = clock;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<NodeIdentity> shown = NodeIdentity.of(call);
        if (shown.isEmpty()) {
            if (call.getMethodDescriptor().getFullMethodName().equals(JOIN)) {
                return next.startCall(call, headers);
            }
            refusals.count(NodeRefusals.Reason.NO_CERTIFICATE);
            LOG.warn("event=node-refused detail=no certificate was shown");
            return refused(
                    call, Status.UNAUTHENTICATED.withDescription("no certificate was shown (expected: join first)"));
        }
        NodeIdentity node = shown.get();
        if (revocations.contains(node.serial())) {
            refusals.count(NodeRefusals.Reason.REVOKED);
            LOG.warnf("event=node-refused node=%s serial=%s detail=revoked", node.nodeId(), node.serial());
            return refused(call, NodeIdentity.REVOKED);
        }
        // A handshake does not let an expired one pass, but a resumed session keeps the certificate of its first.
        if (node.hasExpired(clock.instant())) {
            refusals.count(NodeRefusals.Reason.EXPIRED);
            LOG.warnf("event=node-refused node=%s serial=%s detail=expired", node.nodeId(), node.serial());
            return refused(
                    call,
                    Status.UNAUTHENTICATED.withDescription("the certificate has expired (expected: a newer one)"));
        }
        OpenCalls.Open open = new OpenCalls.Open(node, call);
        Context context = Context.current().withValue(NodeIdentity.CALLER, node);
        Watched<Q> watched =
                new Watched<>(Contexts.interceptCall(context, new Gated<>(call, open), headers, next), open);
        open.whenCut(watched::onCancel);
        calls.add(open);
        return watched;
    }

    private static <Q, A> ServerCall.Listener<Q> refused(ServerCall<Q, A> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /** What is said to a node that was cut off goes nowhere. The monitor of the call keeps the two from meeting. */
    private static final class Gated<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final OpenCalls.Open open;

        Gated(ServerCall<Q, A> call, OpenCalls.Open open) {
            super(call);
            this.open = open;
        }

        @Override
        public void sendHeaders(Metadata headers) {
            synchronized (delegate()) {
                if (!open.isOver()) {
                    super.sendHeaders(headers);
                }
            }
        }

        @Override
        public void sendMessage(A message) {
            synchronized (delegate()) {
                if (!open.isOver()) {
                    super.sendMessage(message);
                }
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            synchronized (delegate()) {
                if (open.end()) {
                    super.close(status, trailers);
                }
            }
        }
    }

    private final class Watched<Q> extends SimpleForwardingServerCallListener<Q> {
        private final OpenCalls.Open open;
        private boolean told;

        Watched(ServerCall.Listener<Q> served, OpenCalls.Open open) {
            super(served);
            this.open = open;
        }

        @Override
        public void onMessage(Q message) {
            if (open.isOver()) {
                return;
            }
            NodeIdentity node = open.node();
            String said = nodeId(message);
            if (said == null || said.equals(node.nodeId())) {
                super.onMessage(message);
                return;
            }
            refusals.count(NodeRefusals.Reason.OTHER_NODE);
            LOG.errorf("event=node-lies node=%s said=%s serial=%s", node.nodeId(), printable(said), node.serial());
            open.cut(Status.PERMISSION_DENIED.withDescription(
                    "the certificate is that of node " + node.nodeId() + ", and of no other"));
        }

        @Override
        public void onCancel() {
            if (isFirst()) {
                super.onCancel();
            }
        }

        @Override
        public void onComplete() {
            if (isFirst()) {
                super.onComplete();
            }
        }

        private synchronized boolean isFirst() {
            calls.remove(open);
            boolean first = !told;
            told = true;
            return first;
        }
    }

    /** The node that a message speaks of; absent where it speaks of none. */
    private static @Nullable String nodeId(Object message) {
        if (message instanceof UsageBatch batch) {
            return batch.getNodeId();
        }
        return message instanceof NodeMessage said && said.hasHello()
                ? said.getHello().getNodeId()
                : null;
    }

    private static String printable(String text) {
        String clean = text.replaceAll("[^a-z0-9-]", "?");
        return clean.length() <= TEXT_CHARACTERS_MAX ? clean : clean.substring(0, TEXT_CHARACTERS_MAX);
    }
}
