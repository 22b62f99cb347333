package io.tollgate.controlplane.catalog.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of the audit somebody wants; what is absent is not asked for. Immutable.
 *
 * @param from    first moment that counts
 * @param to      first moment that counts no more
 * @param kind    word of the kind of object
 * @param object  its name or id
 * @param outcome done or refused
 */
public record AuditQuestion(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String actor,
        @Nullable String kind,
        @Nullable String object,
        @Nullable String outcome) {}
