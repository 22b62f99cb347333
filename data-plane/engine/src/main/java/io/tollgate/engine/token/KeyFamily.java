package io.tollgate.engine.token;

/** A kind of key, which serves some algorithms and no others. Immutable. */
public enum KeyFamily {
    RSA,
    P256,
    P384,
    P521,
    ED25519,
    SECRET
}
