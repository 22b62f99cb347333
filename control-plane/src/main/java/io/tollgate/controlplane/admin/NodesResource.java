package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.NodesApi;
import io.tollgate.admin.model.Node;
import io.tollgate.admin.model.ObjectProblem;
import io.tollgate.controlplane.DatabaseFailure;
import io.tollgate.controlplane.admin.answer.Cursor;
import io.tollgate.controlplane.admin.answer.Page;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.catalog.revision.ObjectFault;
import io.tollgate.controlplane.stream.NodeDirectory;
import io.tollgate.controlplane.stream.NodeView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** Nodes and what each of them enforces over REST. Shared; worker threads only. */
@ApplicationScoped
public class NodesResource implements NodesApi {
    private static final String LISTING = "node";

    private final NodeDirectory nodes;
    private final Reads reads;

    NodesResource(NodeDirectory nodes, Reads reads) {
        this.nodes = nodes;
        this.reads = reads;
    }

    @Override
    public Response listNodes(Integer limit, String cursor, Boolean live) {
        String after = Cursor.parse(LISTING, cursor);
        return reads.whole(() -> {
            List<NodeView> rows = DatabaseFailure.unchecked(() -> nodes.page(after, limit + 1, live));
            return Page.of(
                    LISTING,
                    rows,
                    limit,
                    NodeView::id,
                    page -> page.stream().map(NodesResource::model).toList());
        });
    }

    @Override
    public Response getNode(String id) {
        return reads.whole(() -> model(DatabaseFailure.unchecked(() -> nodes.get(id))));
    }

    @Override
    public Response forgetNode(String id) {
        DatabaseFailure.unchecked(() -> {
            nodes.forget(id);
            return id;
        });
        return Response.noContent().build();
    }

    private static Node model(NodeView node) {
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
                .configurationAgeMillis(node.configurationAgeMillis())
                .appliedAt(node.appliedAt() == null ? null : utc(node.appliedAt()))
                .version(node.version())
                .zone(node.zone())
                .proxyAddress(node.proxyAddress())
                .operationsAddress(node.operationsAddress())
                .connectedAt(utc(node.connectedAt()))
                .seenAt(utc(node.seenAt()));
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
