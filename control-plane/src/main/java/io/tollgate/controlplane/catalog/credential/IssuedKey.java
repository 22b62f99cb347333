package io.tollgate.controlplane.catalog.credential;

/** A new API key: its row, and the text that is shown once and kept nowhere. Immutable. */
public record IssuedKey(CredentialEntity entity, String secret) {
    /** Leaves the secret out: it must not reach a log. */
    @Override
    public String toString() {
        return "IssuedKey[" + entity.prefix() + "]";
    }
}
