package io.tollgate.engine.token;

/** What was found out about a token. Immutable. */
public sealed interface TokenVerdict {
    /** It holds, until it expires. */
    record Valid(VerifiedToken token) implements TokenVerdict {}

    /** It does not. */
    record Refused(TokenFault fault) implements TokenVerdict {}
}
