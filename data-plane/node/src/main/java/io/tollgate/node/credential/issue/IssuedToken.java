package io.tollgate.node.credential.issue;

import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.KeyHasher;
import io.tollgate.engine.consumer.Scopes;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.node.credential.IssuedHandle;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token that is to be issued (RFC 9068). Immutable.
 *
 * @param credential that it is issued for, and ends with
 * @param nowSeconds since the Unix epoch
 */
record IssuedToken(
        TokenIssuer issuer, TokenIssuer.Keys.Own own, Credential credential, Scopes scopes, long nowSeconds) {
    private static final long MILLIS_PER_SECOND = 1_000;
    /** So that no two tokens ever have the same id. */
    private static final int ID_BYTES = 16;

    private static final String TYPE = "at+jwt";

    /** How long it holds: not longer than what it is issued for. */
    long lifetimeSeconds() {
        long left = credential.expiresAtMillis() / MILLIS_PER_SECOND - nowSeconds;
        return Math.max(1, Math.min(own.issuance().lifetimeMillis() / MILLIS_PER_SECOND, left));
    }

    /** Its text. Costs a signature. */
    String sign(byte[] digest, KeyHasher hasher, SecureRandom random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        String tokenId = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer.issuer());
        claims.put("sub", credential.consumer().id());
        claims.put("aud", own.issuance().audience());
        claims.put("client_id", credential.consumer().name());
        claims.put("iat", nowSeconds);
        claims.put("exp", nowSeconds + lifetimeSeconds());
        claims.put("jti", tokenId);
        if (!scopes.isEmpty()) {
            claims.put("scope", scopes.toString());
        }
        claims.put(IssuedHandle.CLAIM, IssuedHandle.hide(digest, tokenId, hasher));
        return own.signing().current(nowSeconds * MILLIS_PER_SECOND).sign(TYPE, claims);
    }
}
