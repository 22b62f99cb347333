package io.tollgate.controlplane.catalog.credential;

import org.jspecify.annotations.Nullable;

/**
 * What a caller gave of a credential that is secret. Immutable.
 *
 * @param form what the text is
 * @param held beside a digest that was made here: the one that is kept and is of the same password; null: none is
 */
public record BindingSecret(
        Form form, String text, @Nullable String held) {
    /** As it was given. */
    public BindingSecret(Form form, String text) {
        this(form, text, null);
    }

    /** What such a text is. */
    public enum Form {
        /** A password, of which only a digest is kept; it is made before the write. */
        PASSWORD,
        /** The digest of one, made here. */
        PASSWORD_DIGEST,
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
