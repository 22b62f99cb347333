package io.tollgate.engine.consumer;

/**
 * Names of the headers that tell the upstream who calls; an empty name leaves that header out. Whatever the client sent
 * under one of these names is removed. Immutable.
 *
 * @param consumerId header that takes the consumer's id
 * @param consumerName header that takes the consumer's name
 * @param consumerGroups header that takes the consumer's groups, separated by commas
 * @param credentialId header that takes the credential's id
 * @param planName header that takes the name of the plan that entitles to the call
 * @param scopes header that takes what the caller may do in this call, separated by spaces
 */
public record IdentityHeaders(
        String consumerId,
        String consumerName,
        String consumerGroups,
        String credentialId,
        String planName,
        String scopes) {
    /** What applies where nothing else is configured. */
    public static final IdentityHeaders DEFAULT = new IdentityHeaders(
            "X-Consumer-Id",
            "X-Consumer-Name",
            "X-Consumer-Groups",
            "X-Credential-Id",
            "X-Plan-Name",
            "X-Credential-Scopes");
}
