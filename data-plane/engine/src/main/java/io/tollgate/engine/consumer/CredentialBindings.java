package io.tollgate.engine.consumer;

import org.jspecify.annotations.Nullable;

/** Finds whom something proves that is no API key. Immutable. */
public interface CredentialBindings {
    /** The credential that is bound to what this key tells; null when there is none. */
    @Nullable
    Credential find(String key);

    /** The consumer with this id, or else with this name; null when there is none. */
    @Nullable
    Consumer consumer(String nameOrId);

    /** The key of the tokens of an issuer that tell this subject. */
    static String jwt(String issuerId, String subject) {
        return "jwt " + issuerId + ' ' + subject;
    }
}
