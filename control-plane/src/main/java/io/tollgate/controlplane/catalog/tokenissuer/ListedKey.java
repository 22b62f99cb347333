package io.tollgate.controlplane.catalog.tokenissuer;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What everybody may know of a key pair with which nodes sign. Immutable.
 *
 * @param id as tokens name it
 * @param algorithm its word
 * @param signsFromMillis when its time comes, milliseconds since the Unix epoch
 */
public record ListedKey(
        String id,
        String algorithm,
        @JsonProperty("signs_from_millis") long signsFromMillis) {}
