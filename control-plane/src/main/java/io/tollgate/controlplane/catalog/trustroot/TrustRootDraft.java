package io.tollgate.controlplane.catalog.trustroot;

import java.util.List;

/**
 * What a caller wants a trust root to be; its shape has been judged against the contract. Immutable.
 *
 * @param certificates PEM
 */
public record TrustRootDraft(String name, String certificates, List<String> tags) {}
