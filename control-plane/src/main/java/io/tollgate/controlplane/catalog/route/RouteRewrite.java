package io.tollgate.controlplane.catalog.route;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** How the path changes before it is forwarded: exactly one of the two is given. Immutable. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RouteRewrite(
        @JsonProperty("replace_prefix") @Nullable String replacePrefix,
        @JsonProperty("replace_full") @Nullable String replaceFull) {}
