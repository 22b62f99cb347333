package io.tollgate.engine.consumer;

/** What kind of thing proves a consumer. Immutable. */
public enum CredentialType {
    KEY,
    JWT,
    CLIENT_CERTIFICATE,
    BASIC
}
