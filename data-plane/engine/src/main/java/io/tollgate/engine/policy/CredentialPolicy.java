package io.tollgate.engine.policy;

import java.util.List;

/** A policy by which callers may prove themselves; all that hold on a route are alternatives. Immutable. */
public interface CredentialPolicy {
    /** Whether a call that presents nothing of any kind passes. */
    boolean anonymousAllowed();

    /** Lower-case names of the headers that may hold what proves a caller. */
    List<String> secretHeaders();

    /** Names of the query parameters that may. */
    List<String> secretParameters();

    /** Whether the upstream gets it all the same. */
    boolean keepsSecrets();
}
