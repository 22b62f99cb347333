package io.tollgate.engine.consumer;

import java.util.Locale;

/** What kind of thing proves a consumer. Immutable. */
public enum CredentialType {
    KEY,
    JWT,
    CLIENT_CERTIFICATE,
    BASIC,
    HTTP_SIGNATURE;

    /** As expressions have it, for example {@code key}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
