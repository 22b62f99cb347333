package io.tollgate.controlplane.catalog.acmeissuer;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.envelope.SealedKeyPair;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** ACME issuers and their rules. Shared; worker threads only. */
@Singleton
public class AcmeIssuerCatalog extends NamedCatalog<AcmeIssuerEntity, AcmeIssuerDraft> {
    /** Of HMAC-SHA-256 (RFC 7518, 3.2). */
    private static final int HMAC_KEY_BYTES_MIN = 32;

    private static final String ACCOUNT_KEY_TYPE = "ecdsa-p256";

    private final EnvelopeKey envelope;
    private final Directory directory;

    AcmeIssuerCatalog(AcmeIssuerRepository rows, Directory directory, EnvelopeKey envelope) {
        super(ObjectKind.ACME_ISSUER, rows);
        this.directory = directory;
        this.envelope = envelope;
    }

    @Override
    protected AcmeIssuerEntity blank() {
        return new AcmeIssuerEntity();
    }

    @Override
    protected String nameOf(AcmeIssuerDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<AcmeIssuerEntity> judge(AcmeIssuerDraft wanted, AcmeIssuerEntity entity, FieldFaults faults) {
        faults.duplicates("/tags", wanted.tags());
        faults.duplicates("/contacts", wanted.contacts());
        faults.duplicates("/trust_roots", wanted.trustRoots());
        if (!DirectoryUrl.isAllowed(wanted.directoryUrl())) {
            faults.add("/directory_url", wanted.directoryUrl() + " (expected: " + DirectoryUrl.EXPECTED + ")");
        }
        if (!wanted.termsOfServiceAgreed()) {
            faults.add("/terms_of_service_agreed", "false (expected: true; without that a server gives no account)");
        }
        Set<UUID> trustRoots = new HashSet<>();
        for (int i = 0; i < wanted.trustRoots().size(); i++) {
            UUID id = directory.reference(
                    ObjectKind.TRUST_ROOT, wanted.trustRoots().get(i), "/trust_roots/" + i, faults);
            if (id != null) {
                trustRoots.add(id);
            }
        }
        byte[] hmacKey = hmacKey(wanted, entity, faults);
        AcmeIssuerEntity.Account known = entity.account();
        return row -> row.apply(
                wanted,
                trustRoots,
                hmacKey,
                known != null
                        ? known
                        : new AcmeIssuerEntity.Account(
                                SealedKeyPair.seal(envelope, row.id(), SealedKeyPair.generate(ACCOUNT_KEY_TYPE)),
                                envelope.id()));
    }

    private byte @Nullable [] hmacKey(AcmeIssuerDraft wanted, AcmeIssuerEntity entity, FieldFaults faults) {
        AcmeIssuerDraft.ExternalAccount external = wanted.external();
        if (external == null) {
            return null;
        }
        String text = external.hmacKey();
        if (text == null) {
            byte[] known = entity.externalHmacKey();
            if (known == null || !external.keyId().equals(entity.externalKeyId())) {
                faults.add("/external_account/hmac_key", "absent (expected: the key of " + external.keyId() + ")");
            }
            return known;
        }
        try {
            byte[] key = Base64.getUrlDecoder().decode(text);
            if (key.length < HMAC_KEY_BYTES_MIN) {
                faults.add(
                        "/external_account/hmac_key",
                        key.length + " bytes (expected: at least " + HMAC_KEY_BYTES_MIN + ")");
            }
            return isKnown(key, entity) ? entity.externalHmacKey() : envelope.seal(entity.id(), key);
        } catch (IllegalArgumentException e) {
            faults.add("/external_account/hmac_key", "a text that is no base64url (expected: base64url)");
            return null;
        }
    }

    /** What is there stays as it is: sealed again it would look like another. */
    private boolean isKnown(byte[] key, AcmeIssuerEntity entity) {
        return entity.externalHmacKey() != null
                && java.security.MessageDigest.isEqual(key, keys(entity).externalHmac());
    }

    /** The keys of an issuer, for whoever calls it. */
    public AcmeIssuerKeys keys(AcmeIssuerEntity issuer) {
        try {
            byte[] hmac = issuer.externalHmacKey();
            return new AcmeIssuerKeys(
                    SealedKeyPair.open(envelope, issuer.id(), issuer.accountKey()),
                    hmac == null ? null : envelope.open(issuer.id(), hmac));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the keys of ACME issuer " + issuer.id() + " do not open with envelope key " + envelope.id(), e);
        }
    }

    @Override
    protected List<String> referrers(AcmeIssuerEntity entity) {
        return directory.referrers(ObjectKind.CERTIFICATE, "acmeIssuerId = :id", entity.id());
    }
}
