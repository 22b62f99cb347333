package io.tollgate.controlplane.catalog.credential;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a key hands over to its successor. Immutable.
 *
 * @param overlap   how long the old one works on
 * @param expiresAt until when the new one works; absent: as long as the old one would have
 */
public record RotationDraft(Duration overlap, @Nullable Instant expiresAt) {}
