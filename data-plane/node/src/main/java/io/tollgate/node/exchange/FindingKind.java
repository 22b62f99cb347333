package io.tollgate.node.exchange;

/** What a finding is about. Immutable. */
public enum FindingKind {
    JWT(false),
    INTROSPECTION(false),
    BASIC(false),
    /** The same signature is not good a second time, not even for the call that it came with. */
    HTTP_SIGNATURE(true);

    /** How many there are. */
    static final int COUNT = values().length;

    private final boolean foundOnce;

    FindingKind(boolean foundOnce) {
        this.foundOnce = foundOnce;
    }

    /** Whether it cannot be found out anew for a call that is decided on anew: its resolver says whether it holds still. */
    boolean isFoundOnce() {
        return foundOnce;
    }
}
