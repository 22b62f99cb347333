package io.tollgate.engine.token;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An algorithm by which a token may be signed (RFC 7518, 3.1; RFC 8037, 3.1); there is no "none". Immutable. */
public enum TokenAlgorithm {
    RS256("RS256", KeyFamily.RSA, JWSAlgorithm.RS256),
    RS384("RS384", KeyFamily.RSA, JWSAlgorithm.RS384),
    RS512("RS512", KeyFamily.RSA, JWSAlgorithm.RS512),
    PS256("PS256", KeyFamily.RSA, JWSAlgorithm.PS256),
    PS384("PS384", KeyFamily.RSA, JWSAlgorithm.PS384),
    PS512("PS512", KeyFamily.RSA, JWSAlgorithm.PS512),
    ES256("ES256", KeyFamily.P256, JWSAlgorithm.ES256),
    ES384("ES384", KeyFamily.P384, JWSAlgorithm.ES384),
    ES512("ES512", KeyFamily.P521, JWSAlgorithm.ES512),
    EDDSA("EdDSA", KeyFamily.ED25519, JWSAlgorithm.EdDSA),
    HS256("HS256", KeyFamily.SECRET, JWSAlgorithm.HS256),
    HS384("HS384", KeyFamily.SECRET, JWSAlgorithm.HS384),
    HS512("HS512", KeyFamily.SECRET, JWSAlgorithm.HS512);

    /** What an issuer that names none may use. */
    public static final List<TokenAlgorithm> USUAL = List.of(RS256, PS256, ES256, EDDSA);

    private final String word;
    private final KeyFamily family;
    private final JWSAlgorithm jose;

    TokenAlgorithm(String word, KeyFamily family, JWSAlgorithm jose) {
        this.word = word;
        this.family = family;
        this.jose = jose;
    }

    /** The one of this exact word; null when there is none. */
    public static @Nullable TokenAlgorithm find(String word) {
        for (TokenAlgorithm algorithm : values()) {
            if (algorithm.word.equals(word)) {
                return algorithm;
            }
        }
        return null;
    }

    /** As a token's header writes it. */
    public String word() {
        return word;
    }

    /** Which keys are for it. */
    public KeyFamily family() {
        return family;
    }

    /** Whether both sides hold the same secret. */
    public boolean isSymmetric() {
        return family == KeyFamily.SECRET;
    }

    /** Shortest secret, in bytes (RFC 7518, 3.2); 0 where there is none. */
    public int secretBytesMin() {
        return switch (this) {
            case HS256 -> 32;
            case HS384 -> 48;
            case HS512 -> 64;
            default -> 0;
        };
    }

    JWSAlgorithm jose() {
        return jose;
    }
}
