package io.tollgate.engine.token;

/** Why a token does not hold. Immutable. */
public enum TokenFault {
    /** It is no token in compact form that can be read in one way only. */
    MALFORMED,
    /** None of the issuers says that it issued it. */
    UNKNOWN_ISSUER,
    /** The issuer's keys have none that it could be signed with. */
    UNKNOWN_KEY,
    /** Its algorithm is not allowed, or its signature is wrong. */
    INVALID,
    EXPIRED,
    /** Its issuer says so. */
    INACTIVE,
    NOT_YET_VALID,
    /** It is meant for somebody else. */
    AUDIENCE,
    /** Its type, its lifetime or one of its claims is not what is asked for. */
    CLAIMS
}
