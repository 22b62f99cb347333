package io.tollgate.engine.compile;

import com.google.protobuf.ByteString;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What may differ between two versions of a wire configuration. Compile thread only. */
final class Touched {
    /** Objects that were put or removed, and perhaps put back. */
    final Set<ObjectKey> changed = new HashSet<>();
    /** Objects that a changed policy or subscription is about. */
    final Set<ObjectKey> affected = new HashSet<>();
    /** Digests that changed credentials had or have. */
    final Set<ByteString> digests = new HashSet<>();

    boolean isChanged(ObjectKind kind) {
        return !changed(kind).isEmpty();
    }

    List<String> changed(ObjectKind kind) {
        return ids(changed, kind);
    }

    List<String> affected(ObjectKind kind) {
        return ids(affected, kind);
    }

    private static List<String> ids(Set<ObjectKey> keys, ObjectKind kind) {
        List<String> ids = new ArrayList<>();
        for (ObjectKey key : keys) {
            if (key.kind() == kind) {
                ids.add(key.id());
            }
        }
        return ids;
    }
}
