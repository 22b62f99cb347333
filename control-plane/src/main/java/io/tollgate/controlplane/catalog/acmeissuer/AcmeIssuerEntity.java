package io.tollgate.controlplane.catalog.acmeissuer;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** An ACME issuer as its row says it; its keys are sealed. Worker threads only. */
@Entity
@Table(name = "acme_issuer")
public class AcmeIssuerEntity extends CatalogEntity {
    private static final String OF_ACCOUNT =
            " from acme_account a where a.acme_issuer_id = id" + " and a.directory_url = directory_url)";

    @Column(nullable = false)
    private String name;

    @Column(name = "directory_url", nullable = false)
    private String directoryUrl;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> contacts = List.of();

    @Column(name = "terms_of_service_agreed", nullable = false)
    private boolean termsOfServiceAgreed;

    @Column(name = "external_key_id")
    private @Nullable String externalKeyId;

    @Column(name = "external_hmac_key")
    private byte @Nullable [] externalHmacKey;

    @Column(name = "account_key", nullable = false)
    private byte[] accountKey = {};

    @Column(name = "envelope_key_id", nullable = false)
    private String envelopeKeyId;

    @ElementCollection
    @CollectionTable(name = "acme_issuer_uses_trust_root", joinColumns = @JoinColumn(name = "acme_issuer_id"))
    @Column(name = "trust_root_id", nullable = false)
    private Set<UUID> trustRootIds = new HashSet<>();

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    @Formula("(select a.account_url" + OF_ACCOUNT)
    private @Nullable String accountUrl;

    @Formula("(select a.error" + OF_ACCOUNT)
    private @Nullable String error;

    protected AcmeIssuerEntity() {}

    /**
     * Makes the row as wanted.
     *
     * @param hmacKey sealed; null when there is no external account
     * @param account key of the account, sealed
     */
    void apply(AcmeIssuerDraft draft, Set<UUID> trustRoots, byte @Nullable [] hmacKey, Account account) {
        name = draft.name();
        directoryUrl = draft.directoryUrl();
        contacts = List.copyOf(draft.contacts());
        termsOfServiceAgreed = draft.termsOfServiceAgreed();
        externalKeyId = draft.external() == null ? null : draft.external().keyId();
        externalHmacKey = hmacKey;
        accountKey = account.key();
        envelopeKeyId = account.envelopeKeyId();
        trustRootIds.retainAll(trustRoots);
        trustRootIds.addAll(trustRoots);
        tags = List.copyOf(draft.tags());
    }

    /** The key of an account as its row holds it. The bytes are not to be changed. Immutable. */
    record Account(byte[] key, String envelopeKeyId) {}

    /** Null before the row is first written. */
    @Nullable
    Account account() {
        return accountKey.length == 0 ? null : new Account(accountKey, envelopeKeyId);
    }

    /** Sealed; see {@link io.tollgate.controlplane.catalog.envelope.SealedKeyPair}. */
    byte[] accountKey() {
        return accountKey;
    }

    /** Sealed. */
    byte @Nullable [] externalHmacKey() {
        return externalHmacKey;
    }

    @Override
    public String name() {
        return name;
    }

    public String directoryUrl() {
        return directoryUrl;
    }

    public List<String> contacts() {
        return contacts;
    }

    public boolean termsOfServiceAgreed() {
        return termsOfServiceAgreed;
    }

    /** Of the account at the server's operator; null when there is none. */
    public @Nullable String externalKeyId() {
        return externalKeyId;
    }

    public Set<UUID> trustRootIds() {
        return trustRootIds;
    }

    /** Where the account is at the server; null before there is one. As it was when the row was read. */
    public @Nullable String accountUrl() {
        return accountUrl;
    }

    /** Why there is no account; as it was when the row was read. */
    public @Nullable String error() {
        return error;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.ACME_ISSUER;
    }
}
