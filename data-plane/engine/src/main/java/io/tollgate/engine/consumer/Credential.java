package io.tollgate.engine.consumer;

/**
 * An API key as a node knows it: whom it proves and how long, but not its text. Immutable.
 *
 * @param id canonical UUID text
 * @param consumer whom it proves
 * @param expiresAtMillis first millisecond since the Unix epoch in which it is not accepted any more; {@link
 *     Long#MAX_VALUE} for never
 * @param revoked whether it was taken back
 * @param terms on what terms it holds
 * @param idHigh upper half of the UUID
 * @param idLow lower half of the UUID
 */
public record Credential(
        String id, Consumer consumer, long expiresAtMillis, boolean revoked, Terms terms, long idHigh, long idLow) {
    /** Whether its time is over. */
    public boolean isExpired(long nowMillis) {
        return nowMillis >= expiresAtMillis;
    }
}
