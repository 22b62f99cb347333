package io.tollgate.controlplane.catalog.acmeissuer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants an ACME issuer to be; its shape has been judged against the contract. Its text never holds the key. Immutable.
 *
 * @param external the account at the server's operator; absent: the server wants none
 * @param trustRoots names or ids
 */
public record AcmeIssuerDraft(
        String name,
        String directoryUrl,
        List<String> contacts,
        boolean termsOfServiceAgreed,
        @Nullable ExternalAccount external,
        List<String> trustRoots,
        List<String> tags) {

    /** @param hmacKey base64url; absent: the one that is there stays */
    public record ExternalAccount(String keyId, @Nullable String hmacKey) {
        @Override
        public String toString() {
            return "ExternalAccount[" + keyId + "]";
        }
    }
}
