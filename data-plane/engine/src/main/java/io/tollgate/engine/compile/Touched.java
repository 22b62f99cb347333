package io.tollgate.engine.compile;

import com.google.protobuf.ByteString;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may differ between two versions of a wire configuration. Compile thread only. */
final class Touched {
    private final Map<ObjectKind, Set<String>> changed = new EnumMap<>(ObjectKind.class);
    private final Map<ObjectKind, Set<String>> affected = new EnumMap<>(ObjectKind.class);
    private final Set<ByteString> digests = new HashSet<>();

    /** An object was put or removed, and perhaps put back. */
    void addChanged(@Nullable ObjectKey key) {
        if (key != null) {
            changed.computeIfAbsent(key.kind(), kind -> new HashSet<>()).add(key.id());
        }
    }

    /** All of these objects are new; the collection is kept, not copied. */
    void addAllChanged(ObjectKind kind, Set<String> ids) {
        changed.put(kind, ids);
    }

    /** An object is what a changed policy or subscription is about. */
    void addAffected(@Nullable ObjectKey key) {
        if (key != null) {
            affected.computeIfAbsent(key.kind(), kind -> new HashSet<>()).add(key.id());
        }
    }

    /** A changed credential had or has this digest. */
    void addDigest(@Nullable ByteString digest) {
        if (digest != null) {
            digests.add(digest);
        }
    }

    boolean isChanged(ObjectKind kind) {
        return !changed(kind).isEmpty();
    }

    Set<String> changed(ObjectKind kind) {
        return changed.getOrDefault(kind, Set.of());
    }

    Set<String> affected(ObjectKind kind) {
        return affected.getOrDefault(kind, Set.of());
    }

    Collection<ByteString> digests() {
        return Collections.unmodifiableSet(digests);
    }
}
