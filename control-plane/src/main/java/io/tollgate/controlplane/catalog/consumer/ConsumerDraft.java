package io.tollgate.controlplane.catalog.consumer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a caller wants a consumer to be; its shape has been judged against the contract. Immutable. */
public record ConsumerDraft(
        String name, boolean enabled, @Nullable String billingId, List<String> groups, List<String> tags) {}
