package io.tollgate.engine.upstream;

/** How one attempt on a target ended, as far as the target's health is concerned. Immutable. */
public enum CallResult {
    /** An answer below 500. */
    SUCCESS(false),
    /** An answer of 500 and above. */
    SERVER_ERROR(true),
    /** No connection could be made. */
    CONNECT_FAILURE(true),
    /** The connection broke before the answer was whole, or what came was no HTTP. */
    RESET(true),
    /** No answer in time. */
    TIMEOUT(true),
    /** Given up for reasons of the caller's own: says nothing about the target. */
    CANCELLED(false);

    private final boolean failure;

    CallResult(boolean failure) {
        this.failure = failure;
    }

    /** Whether it speaks against the target. */
    public boolean isFailure() {
        return failure;
    }
}
