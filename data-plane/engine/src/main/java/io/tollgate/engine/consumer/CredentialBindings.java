package io.tollgate.engine.consumer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds whom something proves that is no API key. Immutable. */
public interface CredentialBindings {
    /** The credential that is bound to what this key tells; null when there is none. */
    @Nullable
    Credential find(String key);

    /** What checks what is presented for {@link #find}; null where being known is enough. */
    @Nullable
    CredentialVerifier verifier(String key);

    /**
     * Verifiers of passwords that nobody has: of each cost that a password of somebody has one, and one at least. In the order of
     * the costs, so that they are the same on all nodes that have the same passwords.
     */
    List<? extends CredentialVerifier> decoys();

    /** The consumer with this id, or else with this name; null when there is none. */
    @Nullable
    Consumer consumer(String nameOrId);

    /** The key of a user name, in normal form. */
    static String basic(String userName) {
        return "basic " + userName;
    }

    /** The key of what a signature names its key. */
    static String httpSignature(String keyId) {
        return "http-signature " + keyId;
    }

    /** The key of the tokens of an issuer that tell this subject. */
    static String jwt(String issuerId, String subject) {
        return "jwt " + issuerId + ' ' + subject;
    }
}
