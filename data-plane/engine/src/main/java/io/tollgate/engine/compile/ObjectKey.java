package io.tollgate.engine.compile;

import io.tollgate.proto.config.v1.ObjectKind;

/**
 * What names an object of the configuration. Immutable.
 *
 * @param kind what it is
 * @param id canonical UUID text
 */
public record ObjectKey(ObjectKind kind, String id) implements Comparable<ObjectKey> {
    /** Id of the one gateway object. */
    public static final String GATEWAY_ID = "00000000-0000-0000-0000-000000000000";
    /** The one gateway object. */
    public static final ObjectKey GATEWAY = new ObjectKey(ObjectKind.OBJECT_KIND_GATEWAY, GATEWAY_ID);

    @Override
    public int compareTo(ObjectKey other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : id.compareTo(other.id);
    }
}
