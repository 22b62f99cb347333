package io.tollgate.controlplane.catalog.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** So many requests in so many seconds, of which {@code burst} may come at once. As stored with plans and policies. Immutable. */
public record RateWindowRow(
        int requests, @JsonProperty("window_seconds") int windowSeconds, int burst) {}
