package io.tollgate.engine.policy;

import io.tollgate.engine.consumer.IdentityHeaders;

/**
 * What the upstream is told about who calls. Immutable.
 *
 * @param headers names of the headers
 */
public record IdentityHeadersPolicy(IdentityHeaders headers) {
    /** What applies where nothing else is configured. */
    public static final IdentityHeadersPolicy DEFAULT = new IdentityHeadersPolicy(IdentityHeaders.DEFAULT);
}
