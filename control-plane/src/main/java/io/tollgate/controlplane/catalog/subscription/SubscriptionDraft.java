package io.tollgate.controlplane.catalog.subscription;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants a subscription to be; its shape has been judged against the contract. Immutable.
 *
 * @param plan     name or id
 * @param startsAt absent: now for a new one, unchanged for an old one
 * @param endsAt   absent: open end
 */
public record SubscriptionDraft(
        String plan, @Nullable Instant startsAt, @Nullable Instant endsAt) {}
