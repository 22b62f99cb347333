package io.tollgate.engine.consumer;

/**
 * What proves a consumer, as a node knows it: whom, and how long, but not the text of a key. Immutable.
 *
 * @param id canonical UUID text; empty where somebody else's word tells the consumer by name
 * @param type what kind of thing it is
 * @param consumer whom it proves
 * @param expiresAtMillis first millisecond since the Unix epoch in which it is not accepted any more; {@link
 *     Long#MAX_VALUE} for never
 * @param revoked whether it was taken back
 * @param terms on what terms it holds
 * @param idHigh upper half of the UUID
 * @param idLow lower half of the UUID
 */
public record Credential(
        String id,
        CredentialType type,
        Consumer consumer,
        long expiresAtMillis,
        boolean revoked,
        Terms terms,
        long idHigh,
        long idLow) {
    /** What is not in the catalogue but proves this consumer all the same. */
    public static Credential unnamed(CredentialType type, Consumer consumer) {
        return new Credential("", type, consumer, Long.MAX_VALUE, false, Terms.LIVE, 0, 0);
    }

    /** The same, which expires then at the latest. */
    public Credential until(long millis) {
        return millis >= expiresAtMillis
                ? this
                : new Credential(id, type, consumer, millis, revoked, terms, idHigh, idLow);
    }

    /** Whether its time is over. */
    public boolean isExpired(long nowMillis) {
        return nowMillis >= expiresAtMillis;
    }
}
