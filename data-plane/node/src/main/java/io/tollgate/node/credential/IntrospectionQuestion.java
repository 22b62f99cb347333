package io.tollgate.node.credential;

import io.tollgate.engine.token.TokenHasher.Digest;
import io.tollgate.engine.token.TokenIssuer;
import org.jspecify.annotations.Nullable;

/**
 * What an issuer is asked about one of its tokens. Two that are asked for the same are equal, so that the question is put once. Immutable.
 *
 * @param digest see {@link TokenCache}
 */
record IntrospectionQuestion(Digest digest, TokenIssuer issuer, String token) {
    @Override
    @SuppressWarnings("ReferenceEquality") // An issuer that did not change is the same object.
    public boolean equals(@Nullable Object other) {
        return other instanceof IntrospectionQuestion question
                && digest.equals(question.digest)
                && issuer == question.issuer;
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    /** Hides the token. */
    @Override
    public String toString() {
        return "IntrospectionQuestion[" + issuer.name() + "]";
    }
}
