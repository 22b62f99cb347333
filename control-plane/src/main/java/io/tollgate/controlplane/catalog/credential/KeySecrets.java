package io.tollgate.controlplane.catalog.credential;

import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.RevisionCounter;
import io.tollgate.engine.consumer.ApiKey;
import io.tollgate.engine.consumer.ForeignSecret;
import io.tollgate.engine.consumer.KeyHasher;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;

/** Makes the texts of keys, and what is kept of them. Shared; worker threads only. */
@ApplicationScoped
class KeySecrets {
    private final EntityManager entities;
    private final SecureRandom random = new SecureRandom();

    KeySecrets(EntityManager entities) {
        this.entities = entities;
    }

    /** @param environment live or test */
    ApiKey issue(String environment) {
        return ApiKey.issue("test".equals(environment) ? ApiKey.Environment.TEST : ApiKey.Environment.LIVE, random);
    }

    CredentialEntity.Secret of(ApiKey key) {
        return new CredentialEntity.Secret(hasher().digest(key.text()), key.prefix(), false);
    }

    /** Of a key that was issued elsewhere; one that is too weak ends the request. */
    CredentialEntity.Secret of(ForeignKey foreign) {
        judge(foreign);
        KeyHasher hasher = hasher();
        String text = foreign.secret();
        byte[] digest;
        if (text == null) {
            digest = hasher.foreignDigest(HexFormat.of().parseHex(Objects.requireNonNull(foreign.sha256())));
        } else {
            // One of another gateway of this kind is known to nodes by its checksum, as their own are.
            digest = ApiKey.isWellFormed(text) ? hasher.digest(text) : hasher.foreignDigest(text);
        }
        return new CredentialEntity.Secret(digest, "", true);
    }

    private static void judge(ForeignKey foreign) {
        FieldFaults faults = new FieldFaults();
        String text = foreign.secret();
        if ((text == null) == (foreign.sha256() == null)) {
            faults.add(
                    "/secret", (text == null ? "absent" : "beside sha256") + " (expected: one of secret and sha256)");
        } else if (text != null && !ForeignSecret.isStrong(text)) {
            faults.add(
                    "/secret",
                    "at most " + ForeignSecret.bits(text) + " bits, "
                            + text.chars().distinct().count() + " different characters (expected: at least "
                            + ForeignSecret.BITS_MIN + " and " + ForeignSecret.DIFFERENT_MIN + ")");
        }
        faults.raise();
    }

    private KeyHasher hasher() {
        return new KeyHasher(entities.find(RevisionCounter.class, true).keyDigestSecret());
    }
}
