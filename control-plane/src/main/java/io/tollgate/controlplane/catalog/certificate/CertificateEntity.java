package io.tollgate.controlplane.catalog.certificate;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.engine.tls.CertificateChain;
import io.tollgate.engine.tls.TlsFault;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A certificate as its row says it; its key is sealed, and only nodes get it. Worker threads only. */
@Entity
@Table(name = "certificate")
public class CertificateEntity extends CatalogEntity {
    private static final String OF_ORDER = " from acme_order o where o.certificate_id = id)";

    /** It is renewed when one part in so many of its lifetime is left. */
    private static final int LIFETIME_PARTS = 3;

    @Column(nullable = false)
    private String name;

    @Column(name = "certificate_chain", nullable = false)
    private String certificateChain = "";

    @Column(name = "private_key")
    private byte @Nullable [] privateKey;

    @Column(name = "envelope_key_id")
    private @Nullable String envelopeKeyId;

    @Column(name = "ocsp_response")
    private byte @Nullable [] ocspResponse;

    @Column(name = "ocsp_next_update")
    private @Nullable Instant ocspNextUpdate;

    @Column(name = "not_after")
    private @Nullable Instant notAfter;

    @Column(name = "acme_issuer_id")
    private @Nullable UUID acmeIssuerId;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(name = "acme_domains")
    private @Nullable List<String> acmeDomains;

    @Column(name = "acme_key_type")
    private @Nullable String acmeKeyType;

    @Column(name = "acme_challenge")
    private @Nullable String acmeChallenge;

    @Formula("(select o.error" + OF_ORDER)
    private @Nullable String acmeError;

    @Formula("(select o.next_attempt_at" + OF_ORDER)
    private @Nullable Instant acmeNextAttemptAt;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected CertificateEntity() {}

    /**
     * How a certificate is got from an ACME issuer. Immutable.
     *
     * @param domains that it is for
     * @param keyType ecdsa-p256, ecdsa-p384, or rsa- and its bits
     * @param challenge http-01 or tls-alpn-01
     */
    public record Acme(UUID issuerId, List<String> domains, String keyType, String challenge) {
        public Acme {
            domains = List.copyOf(domains);
        }

        /** The same text for the same order. */
        public String wanted() {
            return issuerId + " " + keyType + " " + challenge + " " + String.join(" ", domains);
        }
    }

    /**
     * Has the row be got from an ACME issuer; the chain and key that it has stay until then.
     */
    void apply(CertificateDraft draft, Acme acme) {
        name = draft.name();
        acmeIssuerId = acme.issuerId();
        acmeDomains = acme.domains();
        acmeKeyType = acme.keyType();
        acmeChallenge = acme.challenge();
        tags = List.copyOf(draft.tags());
    }

    /** Makes what an ACME issuer gave the chain and the key of the row. */
    void apply(String chain, Instant notAfter, SealedKey sealed) {
        certificateChain = chain;
        this.notAfter = notAfter;
        privateKey = sealed.bytes();
        envelopeKeyId = sealed.envelopeKeyId();
        ocspResponse = null;
        ocspNextUpdate = null;
    }

    /**
     * Makes the row as wanted.
     *
     * @param notAfter when the first certificate of the chain expires
     * @param sealed the key; null: the one that is there stays
     */
    void apply(CertificateDraft draft, Instant notAfter, @Nullable SealedKey sealed, @Nullable OcspAnswer ocsp) {
        name = draft.name();
        certificateChain = draft.givenChain();
        acmeIssuerId = null;
        acmeDomains = null;
        acmeKeyType = null;
        acmeChallenge = null;
        this.notAfter = notAfter;
        if (sealed != null) {
            privateKey = sealed.bytes();
            envelopeKeyId = sealed.envelopeKeyId();
        }
        ocspResponse = ocsp == null ? null : ocsp.der();
        ocspNextUpdate = ocsp == null ? null : ocsp.nextUpdate();
        tags = List.copyOf(draft.tags());
    }

    @Override
    public String name() {
        return name;
    }

    /** How it is got; null when it is given. */
    public @Nullable Acme acme() {
        return acmeIssuerId == null || acmeDomains == null || acmeKeyType == null || acmeChallenge == null
                ? null
                : new Acme(acmeIssuerId, acmeDomains, acmeKeyType, acmeChallenge);
    }

    /** Why the last order failed; null when none did. As it was when the row was read. */
    public @Nullable String acmeError() {
        return acmeError;
    }

    /** When the next order is made; null when that is not known yet. As it was when the row was read. */
    public @Nullable Instant acmeNextAttemptAt() {
        return acmeNextAttemptAt;
    }

    /** Whether there is a chain and a key: not before the first order of an ACME issuer is done. */
    public boolean isHeld() {
        return !certificateChain.isEmpty();
    }

    /** When a third of its lifetime is left; null when there is none yet. */
    public @Nullable Instant renewAt() {
        return isHeld() ? renewAt(chain()) : null;
    }

    /** When a third of a certificate's lifetime is left. */
    public static Instant renewAt(CertificateChain chain) {
        Instant start = chain.leaf().getNotBefore().toInstant();
        Instant end = chain.leaf().getNotAfter().toInstant();
        return end.minus(Duration.between(start, end).dividedBy(LIFETIME_PARTS));
    }

    /** PEM; empty before the row is first written, and before the first order is done. */
    public String certificateChain() {
        return certificateChain;
    }

    /** The same, parsed. */
    public CertificateChain chain() {
        try {
            return CertificateChain.parse(certificateChain);
        } catch (TlsFault e) {
            throw new IllegalStateException("certificate " + id() + " was checked before it was stored", e);
        }
    }

    /** DER. */
    public byte @Nullable [] ocspResponse() {
        return ocspResponse == null ? null : ocspResponse.clone();
    }

    /** When the first certificate of the chain expires; null when there is none yet. */
    public @Nullable Instant notAfter() {
        return notAfter;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.CERTIFICATE;
    }
}
