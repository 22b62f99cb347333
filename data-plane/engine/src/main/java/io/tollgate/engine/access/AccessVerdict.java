package io.tollgate.engine.access;

/**
 * What rules say to a call. Immutable.
 *
 * @param effect what becomes of the call
 * @param rule which rule decided, from 0; negative: none did
 * @param scope what the caller would have to be able to do, as the parameter {@code scope} of RFC 6750, 3, has it; empty where that
 *     would not help
 */
public record AccessVerdict(Effect effect, int rule, String scope) {
    /** No rule held. */
    static final AccessVerdict BY_DEFAULT = new AccessVerdict(Effect.DENIED, -1, "");
    /** There are no rules. */
    static final AccessVerdict UNRULED = new AccessVerdict(Effect.ALLOWED, -1, "");

    /** What becomes of a call. */
    public enum Effect {
        ALLOWED,
        DENIED,
        /** It would have been allowed to a caller with more scopes. */
        SCOPE_MISSING,
        /** The expression of a rule could not be evaluated: the call is refused. */
        FAILED
    }
}
