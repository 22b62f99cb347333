package io.tollgate.node.credential;

import io.tollgate.engine.consumer.KeyHasher;
import io.tollgate.engine.token.VerifiedToken;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a token of our own issuers says of the key that it was issued for, so that it ends with it: the key's digest, which finds it on every
 * node, hidden from everybody who has not the secret of the nodes. Functions without state.
 *
 * <p>It is the digest XOR HMAC-SHA-256 of the token's id: each id is used once, so that the mask is too.
 */
public final class IssuedHandle {
    /** The claim that holds it, Base64url. */
    public static final String CLAIM = "tollgate_key";

    private static final String PURPOSE = "issued token ";

    private IssuedHandle() {}

    /**
     * The text of the claim.
     *
     * @param digest of the key, 32 bytes
     * @param tokenId of the token, never used before
     */
    public static String hide(byte[] digest, String tokenId, KeyHasher hasher) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(masked(digest, tokenId, hasher));
    }

    /** The digest of the key that a token of ours was issued for; null when it says none. */
    static byte @Nullable [] open(VerifiedToken token, KeyHasher hasher) {
        if (!(token.claims().get(CLAIM) instanceof String text)
                || !(token.claims().get("jti") instanceof String tokenId)) {
            return null;
        }
        try {
            byte[] hidden = Base64.getUrlDecoder().decode(text);
            return hidden.length == KeyHasher.DIGEST_BYTES ? masked(hidden, tokenId, hasher) : null;
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private static byte[] masked(byte[] bytes, String tokenId, KeyHasher hasher) {
        byte[] mask = hasher.digest(PURPOSE + tokenId);
        byte[] masked = new byte[KeyHasher.DIGEST_BYTES];
        for (int i = 0; i < masked.length; i++) {
            masked[i] = (byte) (bytes[i] ^ mask[i]);
        }
        return masked;
    }
}
