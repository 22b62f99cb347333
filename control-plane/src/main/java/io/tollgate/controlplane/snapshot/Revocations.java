package io.tollgate.controlplane.snapshot;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tollgate.engine.compile.ObjectKey;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Consumer;
import io.tollgate.proto.config.v1.Credential;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.Revoked;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the latest revisions took back: credentials that were revoked, ended or removed, consumers that were switched off or removed.
 * Guarded by whoever holds it.
 */
final class Revocations {
    /** Ids in one message: far below the bound of either side. */
    static final int IDS_MAX = 10_000;

    private final TreeMap<Long, Set<ObjectKey>> byRevision = new TreeMap<>();

    /** Takes down what a revision takes back. */
    void note(long revision, List<Change> changes, long nowMillis) {
        Set<ObjectKey> revoked = new TreeSet<>();
        for (Change change : changes) {
            if (isTakenBack(change.getKind(), change.getRemoved() ? null : change.getObject(), nowMillis)) {
                revoked.add(new ObjectKey(change.getKind(), change.getId()));
            }
        }
        if (!revoked.isEmpty()) {
            byRevision.put(revision, revoked);
        }
        byRevision.headMap(revision - ConfigurationMirror.REVISIONS_REMEMBERED).clear();
    }

    void clear() {
        byRevision.clear();
    }

    /**
     * What revisions after this one took back and what is still taken back now.
     *
     * @param served the newest bytes of an object; null when it is gone
     */
    List<Revoked> since(long revision, Function<ObjectKey, @Nullable ByteString> served, long nowMillis) {
        Set<ObjectKey> keys = new TreeSet<>();
        byRevision.tailMap(revision, false).values().forEach(keys::addAll);
        if (keys.isEmpty()) {
            return List.of();
        }
        long newest = byRevision.lastKey();
        List<Revoked> messages = new ArrayList<>();
        Revoked.Builder message = Revoked.newBuilder().setRevision(newest);
        for (ObjectKey key : keys) {
            if (!isTakenBack(key.kind(), served.apply(key), nowMillis)) {
                continue;
            }
            if (key.kind() == ObjectKind.OBJECT_KIND_CREDENTIAL) {
                message.addCredentialIds(key.id());
            } else {
                message.addConsumerIds(key.id());
            }
            if (message.getCredentialIdsCount() + message.getConsumerIdsCount() == IDS_MAX) {
                messages.add(message.build());
                message = Revoked.newBuilder().setRevision(newest);
            }
        }
        if (message.getCredentialIdsCount() + message.getConsumerIdsCount() > 0) {
            messages.add(message.build());
        }
        return messages;
    }

    private static boolean isTakenBack(ObjectKind kind, @Nullable ByteString object, long nowMillis) {
        if (kind != ObjectKind.OBJECT_KIND_CREDENTIAL && kind != ObjectKind.OBJECT_KIND_CONSUMER) {
            return false;
        }
        if (object == null) {
            return true;
        }
        try {
            if (kind == ObjectKind.OBJECT_KIND_CONSUMER) {
                return !Consumer.parseFrom(object).getEnabled();
            }
            Credential credential = Credential.parseFrom(object);
            long end = credential.getExpiresAtMillis();
            return credential.getRevoked() || (end != 0 && end <= nowMillis);
        } catch (InvalidProtocolBufferException e) {
            // Nothing that this process wrote; the nodes' compiler says more.
            return false;
        }
    }
}
