package io.tollgate.engine.policy;

import java.util.List;

/**
 * That tokens prove a caller which their issuer is asked about, and how they are presented. Immutable.
 *
 * @param issuerId of the issuer that is asked
 * @param places where a token may be
 * @param audiences one of which it must be meant for, beside what its issuer wants; empty: no more than that
 * @param forwardedClaims what the upstream is told of the issuer's answer
 * @param keepToken whether the upstream gets the token itself
 * @param anonymousAllowed a call without any token passes; a bad one is refused all the same
 * @param boundOnly only tokens that are bound to a client certificate hold (RFC 8705)
 */
public record IntrospectionPolicy(
        String issuerId,
        JwtPolicy.Places places,
        List<String> audiences,
        List<JwtPolicy.ForwardedClaim> forwardedClaims,
        boolean keepToken,
        boolean anonymousAllowed,
        boolean boundOnly)
        implements CredentialPolicy {
    /** Copies the lists. */
    public IntrospectionPolicy {
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
}
