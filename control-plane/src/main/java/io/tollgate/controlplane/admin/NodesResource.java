package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.NodesApi;
import io.tollgate.admin.model.Node;
import io.tollgate.admin.model.NodeCertificate;
import io.tollgate.admin.model.NodeListener;
import io.tollgate.admin.model.ObjectProblem;
import io.tollgate.controlplane.DatabaseFailure;
import io.tollgate.controlplane.admin.answer.Cursor;
import io.tollgate.controlplane.admin.answer.Page;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.token.Caller;
import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.revision.ObjectFault;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.join.IssuedCertificate;
import io.tollgate.controlplane.join.NodeCertificates;
import io.tollgate.controlplane.stream.ListenerView;
import io.tollgate.controlplane.stream.NodeDirectory;
import io.tollgate.controlplane.stream.NodeView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Nodes and what each of them enforces over REST. Shared; worker threads only. */
@ApplicationScoped
public class NodesResource implements NodesApi {
    private static final String LISTING = "node";

    private final NodeDirectory nodes;
    private final NodeCertificates certificates;
    private final Caller caller;
    private final Directory directory;
    private final Reads reads;

    NodesResource(NodeDirectory nodes, NodeCertificates certificates, Caller caller, Directory directory, Reads reads) {
        this.nodes = nodes;
        this.certificates = certificates;
        this.caller = caller;
        this.directory = directory;
        this.reads = reads;
    }

    @Override
    public Response listNodes(Integer limit, String cursor, Boolean live) {
        String after = Cursor.parse(LISTING, cursor);
        return reads.whole(() -> {
            List<NodeView> rows = DatabaseFailure.unchecked(() -> nodes.page(after, limit + 1, live));
            return Page.of(LISTING, rows, limit, NodeView::id, this::models);
        });
    }

    @Override
    public Response getNode(String id) {
        return reads.whole(() ->
                models(List.of(DatabaseFailure.unchecked(() -> nodes.get(id)))).get(0));
    }

    @Override
    public Response forgetNode(String id) {
        DatabaseFailure.unchecked(() -> {
            nodes.forget(id);
            return id;
        });
        return Response.noContent().build();
    }

    @Override
    public Response revokeNode(String id) {
        certificates.revoke(id, caller.actor());
        return Response.noContent().build();
    }

    private List<Node> models(List<NodeView> page) {
        Set<UUID> ids = page.stream()
                .flatMap(node -> node.listeners().stream())
                .map(state -> UUID.fromString(state.listenerId()))
                .collect(Collectors.toSet());
        Map<UUID, String> names = directory.names(ObjectKind.LISTENER, ids);
        Map<String, IssuedCertificate> newest =
                certificates.newest(page.stream().map(NodeView::id).toList());
        return page.stream()
                .map(node -> model(node, names).certificate(model(newest.get(node.id()))))
                .toList();
    }

    private static Node model(NodeView node, Map<UUID, String> listenerNames) {
        return new Node()
                .id(node.id())
                .live(node.live())
                .bootEpoch(node.bootEpoch())
                .desiredRevision(node.desiredRevision())
                .appliedRevision(node.appliedRevision())
                .durableRevision(node.durableRevision())
                .refusedRevision(node.refusedRevision())
                .problems(
                        node.problems().isEmpty()
                                ? null
                                : node.problems().stream()
                                        .map(NodesResource::model)
                                        .toList())
                .listeners(
                        node.listeners().isEmpty()
                                ? null
                                : node.listeners().stream()
                                        .map(state -> model(state, listenerNames))
                                        .toList())
                .configurationAgeMillis(node.configurationAgeMillis())
                .appliedAt(node.appliedAt() == null ? null : utc(node.appliedAt()))
                .version(node.version())
                .zone(node.zone())
                .proxyAddress(node.proxyAddress())
                .operationsAddress(node.operationsAddress())
                .connectedAt(utc(node.connectedAt()))
                .seenAt(utc(node.seenAt()));
    }

    private static @Nullable NodeCertificate model(@Nullable IssuedCertificate certificate) {
        if (certificate == null) {
            return null;
        }
        Instant revokedAt = certificate.revokedAt();
        return new NodeCertificate()
                .serial(certificate.serial())
                .issuedAt(utc(certificate.issuedAt()))
                .notAfter(utc(certificate.notAfter()))
                .revoked(revokedAt != null)
                .revokedAt(revokedAt == null ? null : utc(revokedAt))
                .revokedBy(certificate.revokedBy());
    }

    /** One that is gone meanwhile is told by its id. */
    private static NodeListener model(ListenerView state, Map<UUID, String> names) {
        return new NodeListener()
                .listener(names.getOrDefault(UUID.fromString(state.listenerId()), state.listenerId()))
                .listening(state.listening())
                .detail(state.detail().isEmpty() ? null : state.detail());
    }

    private static ObjectProblem model(ObjectFault fault) {
        return new ObjectProblem()
                .kind(fault.kind())
                .id(fault.id())
                .name(fault.name())
                .pointer(fault.pointer())
                .detail(fault.detail());
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
