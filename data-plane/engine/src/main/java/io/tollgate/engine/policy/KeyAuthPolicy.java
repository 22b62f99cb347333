package io.tollgate.engine.policy;

import io.tollgate.engine.consumer.ApiKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How an API key is presented, and which are taken. Immutable.
 *
 * @param headerNames lower-case names of the headers that may hold it; the first present wins
 * @param queryParameters names of the query parameters that may hold it, looked at after the headers
 * @param anonymousAllowed a call without any key passes; a bad key is refused all the same
 * @param environments which keys are taken; one at least
 * @param keepKey whether the upstream gets the key too
 * @param foreignKeys whether keys that were not issued here are taken too
 */
public record KeyAuthPolicy(
        List<String> headerNames,
        List<String> queryParameters,
        boolean anonymousAllowed,
        Set<ApiKey.Environment> environments,
        boolean keepKey,
        boolean foreignKeys)
        implements CredentialPolicy {
    /** What applies where nothing else is configured. */
    public static final KeyAuthPolicy DEFAULT = new KeyAuthPolicy(
            List.of("x-api-key"), List.of("api_key"), false, EnumSet.allOf(ApiKey.Environment.class), false, false);

    /** Copies the collections. */
    public KeyAuthPolicy {
        headerNames = List.copyOf(headerNames);
        queryParameters = List.copyOf(queryParameters);
        environments = Set.copyOf(environments);
    }

    /** Whether a key is looked for at all; where it is not, keys are switched off. */
    public boolean hasPlaces() {
        return !headerNames.isEmpty() || !queryParameters.isEmpty();
    }

    @Override
    public List<String> secretHeaders() {
        return headerNames;
    }

    @Override
    public List<String> secretParameters() {
        return queryParameters;
    }

    @Override
    public boolean keepsSecrets() {
        return keepKey;
    }
}
