package io.tollgate.controlplane.catalog.revision;

import java.util.UUID;

/** Names one object. Immutable. */
public record ObjectRef(ObjectKind kind, UUID id) {}
