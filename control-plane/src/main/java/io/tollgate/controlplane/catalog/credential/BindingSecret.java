package io.tollgate.controlplane.catalog.credential;

/**
 * What a caller gave of a credential that is secret. Immutable.
 *
 * @param form what the text is
 */
public record BindingSecret(Form form, String text) {
    /** What such a text is. */
    public enum Form {
        /** A password, of which only a digest is kept. */
        PASSWORD,
        /** The digest of one, made elsewhere. */
        PASSWORD_HASH,
        /** A secret that both sides share, Base64. */
        SHARED
    }

    /** Hides the text. */
    @Override
    public String toString() {
        return "BindingSecret[" + form + "]";
    }
}
