package io.tollgate.engine.token;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The key pairs of one of our own issuers: the old ones are believed as long as their tokens may live, the next one is told ahead. Immutable. */
public final class SigningKeys {
    /** One in use, one before it and one after it; the others are of somebody who changes keys by hand, again and again. */
    public static final int KEYS_MAX = 8;

    private final List<SigningKey> keys;
    private final KeySet known;
    private final String jwks;

    private SigningKeys(List<SigningKey> keys) {
        // The one whose time comes first in front.
        this.keys = keys.stream()
                .sorted(Comparator.comparingLong(SigningKey::signsFromMillis))
                .toList();
        this.known = new KeySet(keys.stream().map(SigningKey::known).toList());
        this.jwks =
                JsonText.of(Map.of("keys", keys.stream().map(SigningKey::jwk).toList()));
    }

    /** @throws KeyFault when there is none, too many, or two of one id */
    public static SigningKeys of(List<SigningKey> keys) throws KeyFault {
        Set<String> ids = new HashSet<>();
        if (keys.isEmpty() || keys.size() > KEYS_MAX || !keys.stream().allMatch(key -> ids.add(key.id()))) {
            throw new KeyFault(
                    keys.size() + " key pairs (expected: 1 to " + KEYS_MAX + ", each with an id of its own)");
        }
        return new SigningKeys(keys);
    }

    /** The one that signs now: the last whose time has come; where that of none has, the first. */
    public SigningKey current(long nowMillis) {
        SigningKey found = keys.get(0);
        for (SigningKey key : keys) {
            if (key.signsFromMillis() <= nowMillis) {
                found = key;
            }
        }
        return found;
    }

    /** What their tokens are checked with. */
    public KeySet known() {
        return known;
    }

    /** By which they sign. */
    public List<TokenAlgorithm> algorithms() {
        return keys.stream().map(SigningKey::algorithm).distinct().toList();
    }

    /** Their open halves as a JWK set (RFC 7517, 5). */
    public String jwks() {
        return jwks;
    }

    @Override
    public String toString() {
        return "SigningKeys" + keys;
    }
}
