package io.tollgate.engine.consumer;

/** What a credential keeps to check what is presented for it: the digest of a password, a key of signatures. Immutable; its class says how. */
public interface CredentialVerifier {}
