package io.tollgate.engine.consumer;

import java.util.UUID;

/**
 * The id of an object in the forms that the hot path wants, and its name. Immutable.
 *
 * @param id canonical UUID text
 * @param name unique name
 * @param idHigh upper half of the UUID
 * @param idLow lower half of the UUID
 */
public record Identity(String id, String name, long idHigh, long idLow) {
    /** Splits the id. */
    public static Identity of(String id, String name) {
        UUID uuid = UUID.fromString(id);
        return new Identity(id, name, uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }
}
