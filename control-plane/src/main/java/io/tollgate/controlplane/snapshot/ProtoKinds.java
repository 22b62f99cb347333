package io.tollgate.controlplane.snapshot;

import io.tollgate.controlplane.catalog.revision.ObjectKind;

/** The catalog's kinds of objects and the messages' own, both ways. Immutable. */
public final class ProtoKinds {
    private ProtoKinds() {}

    static io.tollgate.proto.config.v1.ObjectKind of(ObjectKind kind) {
        return switch (kind) {
            case CERTIFICATE -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_CERTIFICATE;
            case ACME_CHALLENGE -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_ACME_CHALLENGE;
            case TOKEN_ISSUER -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_TOKEN_ISSUER;
            case TRUST_ROOT -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_TRUST_ROOT;
            case SERVICE -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_SERVICE;
            case ROUTE -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_ROUTE;
            case POLICY -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_POLICY;
            case PLAN -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_PLAN;
            case CONSUMER -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_CONSUMER;
            case CREDENTIAL -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_CREDENTIAL;
            case SUBSCRIPTION -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_SUBSCRIPTION;
            case GATEWAY -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_GATEWAY;
            case LISTENER -> io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_LISTENER;
            case ADMIN_ISSUER, ACME_ISSUER, TEAM -> throw new IllegalArgumentException("nodes get no " + kind.word());
        };
    }

    /** The word of the glossary. */
    public static String word(io.tollgate.proto.config.v1.ObjectKind kind) {
        for (ObjectKind candidate : ObjectKind.values()) {
            if (candidate.reachesNodes() && of(candidate) == kind) {
                return candidate.word();
            }
        }
        return "unknown";
    }
}
