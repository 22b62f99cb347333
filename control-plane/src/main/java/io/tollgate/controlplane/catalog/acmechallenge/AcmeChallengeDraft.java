package io.tollgate.controlplane.catalog.acmechallenge;

import java.util.List;

/**
 * What a caller wants an ACME challenge to be; its shape has been judged against the contract. Immutable.
 *
 * @param token of the ACME server
 * @param keyAuthorization what it is answered
 */
public record AcmeChallengeDraft(String name, String token, String keyAuthorization, List<String> tags) {}
