package io.tollgate.engine.policy;

/**
 * That the upstream is told who calls in a token of one of our own issuers. Immutable.
 *
 * @param issuerId whose keys sign it
 * @param header which holds it
 * @param audience for whom it is
 * @param lifetimeSeconds how long it holds
 */
public record CallerIdentityPolicy(String issuerId, String header, String audience, long lifetimeSeconds) {}
