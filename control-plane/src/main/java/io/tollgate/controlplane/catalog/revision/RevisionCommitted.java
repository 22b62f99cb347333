package io.tollgate.controlplane.catalog.revision;

import java.time.Instant;

/**
 * CDI event: this process has committed a revision. Fired after the commit, on the thread of the writer and outside any transaction. A
 * hint to look: events of two writers may overtake each other, and revisions of other control planes fire none here. Immutable.
 */
public record RevisionCommitted(long revision, Instant committedAt) {}
