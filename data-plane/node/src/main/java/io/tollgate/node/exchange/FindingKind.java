package io.tollgate.node.exchange;

/** What a finding is about. Immutable. */
public enum FindingKind {
    JWT,
    INTROSPECTION,
    BASIC,
    HTTP_SIGNATURE;

    /** How many there are. */
    static final int COUNT = values().length;
}
