package io.tollgate.node.credential.issue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tollgate.engine.token.TokenIssuer;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that were issued last, so that a client that asks again and again costs no signature each time. Shared; lock-free for readers.
 */
public final class RecentTokens {
    /** Clients at once; some ten mebibytes. Beyond it, somebody's next token is signed anew. */
    private static final int TOKENS_MAX = 16_384;

    private final Cache<Wish, Issued> tokens =
            Caffeine.newBuilder().maximumSize(TOKENS_MAX).build();

    /** What was asked for. Immutable. */
    private record Wish(TokenIssuer issuer, String credentialId, String scopes) {
        @Override
        @SuppressWarnings("ReferenceEquality") // An issuer that did not change is the same object.
        public boolean equals(@Nullable Object other) {
            return other instanceof Wish wish
                    && issuer == wish.issuer
                    && credentialId.equals(wish.credentialId)
                    && scopes.equals(wish.scopes);
        }

        @Override
        public int hashCode() {
            return credentialId.hashCode() * 31 + scopes.hashCode();
        }
    }

    /**
     * A token that was issued. Immutable.
     *
     * @param endsAtSeconds since the Unix epoch
     * @param againUntilSeconds until when it is given again
     */
    record Issued(String text, long endsAtSeconds, long againUntilSeconds) {
        /** Hides the token. */
        @Override
        public String toString() {
            return "Issued[" + endsAtSeconds + "]";
        }
    }

    /** The token that was issued for the same, when most of its life is left; null when there is none. */
    @Nullable
    Issued find(IssuedToken wanted) {
        Issued issued = tokens.getIfPresent(wish(wanted));
        return issued == null || wanted.nowSeconds() >= issued.againUntilSeconds() ? null : issued;
    }

    void put(IssuedToken wanted, Issued issued) {
        tokens.put(wish(wanted), issued);
    }

    private static Wish wish(IssuedToken wanted) {
        return new Wish(
                wanted.issuer(), wanted.credential().id(), wanted.scopes().toString());
    }
}
