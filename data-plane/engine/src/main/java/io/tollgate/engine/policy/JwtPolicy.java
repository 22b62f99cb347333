package io.tollgate.engine.policy;

import io.tollgate.engine.token.ClaimPath;
import java.util.List;

/**
 * That tokens prove a caller, and how they are presented. Immutable.
 *
 * @param issuerIds of the issuers whose tokens are taken
 * @param places where a token may be
 * @param audiences one of which it must be meant for, beside what its issuer wants; empty: no more than that
 * @param forwardedClaims what the upstream is told of it
 * @param keepToken whether the upstream gets the token itself
 * @param anonymousAllowed a call without any token passes; a bad one is refused all the same
 * @param boundOnly only tokens that are bound to a client certificate hold (RFC 8705)
 */
public record JwtPolicy(
        List<String> issuerIds,
        Places places,
        List<String> audiences,
        List<ForwardedClaim> forwardedClaims,
        boolean keepToken,
        boolean anonymousAllowed,
        boolean boundOnly)
        implements CredentialPolicy {
    /** Copies the lists. */
    public JwtPolicy {
        issuerIds = List.copyOf(issuerIds);
        audiences = List.copyOf(audiences);
        forwardedClaims = List.copyOf(forwardedClaims);
    }

    @Override
    public List<String> secretHeaders() {
        return places.headerNames();
    }

    @Override
    public List<String> secretParameters() {
        return places.queryParameters();
    }

    @Override
    public boolean keepsSecrets() {
        return keepToken;
    }

    /**
     * Where a token may be; the first present wins, in this order. Immutable.
     *
     * @param headerNames in lower case; {@code authorization} wants the scheme Bearer, the others none
     */
    public record Places(List<String> headerNames, List<String> queryParameters, List<String> cookieNames) {
        /** Copies the lists. */
        public Places {
            headerNames = List.copyOf(headerNames);
            queryParameters = List.copyOf(queryParameters);
            cookieNames = List.copyOf(cookieNames);
        }
    }

    /** A claim that the upstream is told in a header. Immutable. */
    public record ForwardedClaim(ClaimPath claim, String header) {}
}
