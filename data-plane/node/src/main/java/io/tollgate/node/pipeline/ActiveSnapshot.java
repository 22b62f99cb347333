package io.tollgate.node.pipeline;

import io.tollgate.engine.consumer.Revoked;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that the node serves. Shared: read once per request without a lock; what is published and what is taken back may
 * come from different threads, which a lock puts in line.
 */
public final class ActiveSnapshot {
    /** Ids taken back that wait for their revision: far more than a person or a script takes back while a node compiles. */
    static final int PENDING_IDS_MAX = 100_000;

    private final List<Revocation> pending = new ArrayList<>();
    private int pendingIds;
    private volatile @Nullable CompiledSnapshot current;

    /** The snapshot to serve by; null before the node holds one. */
    public @Nullable CompiledSnapshot get() {
        return current;
    }

    /**
     * From here on requests are served by this snapshot; those under way keep theirs. What was taken back in later revisions stays taken
     * back.
     */
    public synchronized void publish(CompiledSnapshot snapshot) {
        pending.removeIf(one -> one.revision() <= snapshot.revision());
        pendingIds = pending.stream().mapToInt(one -> one.ids().size()).sum();
        current = pending.isEmpty() ? snapshot : snapshot.without(revoked());
    }

    /** From here on these do not get through any more, until a snapshot of that revision or a later one says who does. */
    public synchronized void revoke(Revocation revocation) {
        CompiledSnapshot now = current;
        if ((now != null && revocation.revision() <= now.revision())
                || pendingIds + revocation.ids().size() > PENDING_IDS_MAX) {
            return;
        }
        pending.add(revocation);
        pendingIds += revocation.ids().size();
        if (now != null) {
            current = now.without(revoked());
        }
    }

    private Revoked revoked() {
        List<UUID> ids = new ArrayList<>(pendingIds);
        pending.forEach(one -> ids.addAll(one.ids()));
        return Revoked.of(ids);
    }
}
