package io.tollgate.controlplane.stream;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tollgate.controlplane.join.JoinRefused;
import io.tollgate.controlplane.join.NodeCertificates;
import io.tollgate.controlplane.join.StreamAuthority;
import io.tollgate.proto.join.v1.JoinRequest;
import io.tollgate.proto.join.v1.JoinServiceGrpc;
import io.tollgate.proto.join.v1.NodeCertificate;
import io.tollgate.proto.join.v1.RenewRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.jboss.logging.Logger;

/** Where nodes join and renew. Shared; blocks on the database. */
@ApplicationScoped
public class JoinEndpoint extends JoinServiceGrpc.JoinServiceImplBase {
    private static final Logger LOG = Logger.getLogger(JoinEndpoint.class);

    private final NodeCertificates certificates;
    private final StreamAuthority authority;
    private final NodeRefusals refusals;
    private final JoinPace pace = new JoinPace();

    JoinEndpoint(NodeCertificates certificates, StreamAuthority authority, NodeRefusals refusals) {
        this.certificates = certificates;
        this.authority = authority;
        this.refusals = refusals;
    }

    private interface Issue {
        X509Certificate run() throws JoinRefused;
    }

    @Override
    public void join(JoinRequest request, StreamObserver<NodeCertificate> answer) {
        if (!pace.admits(System.nanoTime())) {
            answer.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("too many nodes join at once; try again")
                    .asRuntimeException());
            return;
        }
        answer("", answer, () -> {
            X509Certificate issued = certificates.join(new NodeCertificates.Candidate(
                    request.getTokenId(),
                    request.getTokenSecret(),
                    request.getNodeId(),
                    request.getPublicKey().toByteArray()));
            LOG.infof("event=node-joined node=%s serial=%s", request.getNodeId(), NodeCertificates.serial(issued));
            return issued;
        });
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<NodeCertificate> answer) {
        NodeIdentity node = NodeIdentity.CALLER.get();
        answer(
                node.nodeId(),
                answer,
                () -> certificates.renew(
                        node.certificate(),
                        node.nodeId(),
                        request.getPublicKey().toByteArray()));
    }

    private void answer(String node, StreamObserver<NodeCertificate> answer, Issue issue) {
        try {
            X509Certificate issued = issue.run();
            answer.onNext(NodeCertificate.newBuilder()
                    .setCertificate(ByteString.copyFrom(issued.getEncoded()))
                    .setAuthority(ByteString.copyFrom(authority.certificate().getEncoded()))
                    .build());
            answer.onCompleted();
        } catch (JoinRefused e) {
            refusals.count(NodeRefusals.Reason.JOIN);
            LOG.warnf("event=join-refused node=%s detail=%s", node, e.getMessage());
            answer.onError(
                    Status.UNAUTHENTICATED.withDescription(e.getMessage()).asRuntimeException());
        } catch (CertificateEncodingException | RuntimeException e) {
            // Most often the database is away: what the node has stays good, and it asks again.
            LOG.warnf("event=join-failed node=%s cause=%s", node, e.getMessage());
            answer.onError(Status.UNAVAILABLE
                    .withDescription("the control plane cannot issue a certificate now")
                    .asRuntimeException());
        }
    }
}
