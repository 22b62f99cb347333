package io.tollgate.node.sync;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.tollgate.engine.compile.ConfigurationCompiler;
import io.tollgate.engine.compile.WireConfiguration;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Consumer;
import io.tollgate.proto.config.v1.Gateway;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.PathMatch;
import io.tollgate.proto.config.v1.PathMatchKind;
import io.tollgate.proto.config.v1.Route;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.Target;
import io.tollgate.proto.config.v1.UpdateBegin;
import io.tollgate.proto.config.v1.UpdateKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** The control plane's side of the tests: a configuration that is edited, and the updates that bring a node to it. */
final class Catalogue {
    static final String EPOCH = "epoch-1";

    private final WireConfiguration wire = new WireConfiguration();
    private long revision;

    /** A gateway with one service and no routes, as revision 1. */
    Catalogue() {
        edit(List.of(
                put(
                        ObjectKind.OBJECT_KIND_GATEWAY,
                        new UUID(0, 0).toString(),
                        Gateway.newBuilder()
                                .setKeyDigestSecret(ByteString.copyFrom(new byte[32]))
                                .build()),
                service("pets", 8_000)));
    }

    static ConfigurationCompiler compiler() {
        return new ConfigurationCompiler(new CounterTable(), new TargetTable());
    }

    /** Commits a revision and returns the changes that lead to it. */
    List<Change> edit(List<Change> changes) {
        wire.apply(changes);
        revision++;
        return changes;
    }

    long revision() {
        return revision;
    }

    ByteString digest() {
        return ByteString.copyFrom(wire.digest());
    }

    List<Change> all() {
        return wire.changes();
    }

    UpdateBegin full(long nonce) {
        return begin(nonce, UpdateKind.UPDATE_KIND_FULL, 0, all().size());
    }

    UpdateBegin delta(long nonce, long fromRevision, List<Change> changes) {
        return begin(nonce, UpdateKind.UPDATE_KIND_DELTA, fromRevision, changes.size());
    }

    private UpdateBegin begin(long nonce, UpdateKind kind, long fromRevision, int changes) {
        return UpdateBegin.newBuilder()
                .setNonce(nonce)
                .setKind(kind)
                .setFromRevision(fromRevision)
                .setRevision(revision)
                .setDigest(digest())
                .setControlEpoch(EPOCH)
                .setChangeCount(changes)
                .setCommittedAtMillis(1_800_000_000_000L + revision)
                .build();
    }

    static Change service(String name, int port) {
        return put(
                ObjectKind.OBJECT_KIND_SERVICE,
                id(name),
                Service.newBuilder()
                        .setId(id(name))
                        .setName(name)
                        .setEnabled(true)
                        .addTargets(Target.newBuilder()
                                .setHost("127.0.0.1")
                                .setPort(port)
                                .setWeight(100))
                        .setConnectTimeoutMillis(1_000)
                        .setResponseTimeoutMillis(1_000)
                        .setIdleTimeoutMillis(1_000)
                        .build());
    }

    static Change route(String name, String service, String prefix) {
        return put(
                ObjectKind.OBJECT_KIND_ROUTE,
                id(name),
                Route.newBuilder()
                        .setId(id(name))
                        .setName(name)
                        .setEnabled(true)
                        .addPaths(PathMatch.newBuilder()
                                .setKind(PathMatchKind.PATH_MATCH_KIND_PREFIX)
                                .setValue(prefix))
                        .setServiceId(id(service))
                        .setCreatedAtMillis(1)
                        .build());
    }

    static Change consumer(String name, boolean enabled) {
        return put(
                ObjectKind.OBJECT_KIND_CONSUMER,
                id(name),
                Consumer.newBuilder()
                        .setId(id(name))
                        .setName(name)
                        .setEnabled(enabled)
                        .build());
    }

    static Change removed(ObjectKind kind, String name) {
        return Change.newBuilder()
                .setKind(kind)
                .setId(id(name))
                .setRemoved(true)
                .build();
    }

    static String id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static Change put(ObjectKind kind, String id, MessageLite object) {
        return Change.newBuilder()
                .setKind(kind)
                .setId(id)
                .setObject(object.toByteString())
                .build();
    }
}
