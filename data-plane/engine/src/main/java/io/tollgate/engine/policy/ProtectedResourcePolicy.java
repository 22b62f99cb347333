package io.tollgate.engine.policy;

import io.tollgate.engine.token.IssuerPlace;
import java.util.List;

/**
 * What clients find out about an API that wants tokens (RFC 9728). Immutable.
 *
 * @param place of the API, as clients call it
 * @param authorizationServers issuers; empty: those of the policies by which callers prove themselves
 * @param scopes that are asked for there
 * @param documentation URL; empty: none
 */
public record ProtectedResourcePolicy(
        IssuerPlace place, List<String> authorizationServers, List<String> scopes, String documentation) {
    private static final String WORDS = "/.well-known/oauth-protected-resource";

    /** Copies the lists. */
    public ProtectedResourcePolicy {
        authorizationServers = List.copyOf(authorizationServers);
        scopes = List.copyOf(scopes);
    }

    /** Path of its metadata (RFC 9728, 3.1). */
    public String metadataPath() {
        return WORDS + place.path();
    }

    /** URL of its metadata. */
    public String metadataUrl() {
        return place.url().substring(0, place.url().length() - place.path().length()) + metadataPath();
    }
}
