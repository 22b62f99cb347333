package io.tollgate.controlplane.catalog.certificate;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import io.tollgate.engine.tls.CertificateChain;
import io.tollgate.engine.tls.CertificatePortrait;
import io.tollgate.engine.tls.TlsFault;
import jakarta.inject.Singleton;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Certificates and their rules. Shared; worker threads only. */
@Singleton
public class CertificateCatalog extends NamedCatalog<CertificateEntity, CertificateDraft> {
    private final EnvelopeKey envelope;
    private final Directory directory;
    private final Clock clock;

    CertificateCatalog(CertificateRepository rows, Directory directory, EnvelopeKey envelope, Clock clock) {
        super(ObjectKind.CERTIFICATE, rows);
        this.directory = directory;
        this.envelope = envelope;
        this.clock = clock;
    }

    @Override
    protected CertificateEntity blank() {
        return new CertificateEntity();
    }

    @Override
    protected String nameOf(CertificateDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<CertificateEntity> judge(CertificateDraft wanted, CertificateEntity entity, FieldFaults faults) {
        faults.duplicates("/tags", wanted.tags());
        CertificateDraft.Acme acme = wanted.acme();
        if (acme != null) {
            return judgeAcme(wanted, acme, entity, faults);
        }
        if (wanted.certificateChain() == null) {
            faults.add("/certificate_chain", "absent (expected: a chain, or acme to get one)");
            return row -> {};
        }
        CertificateChain chain;
        try {
            chain = CertificateChain.parse(wanted.givenChain());
        } catch (TlsFault fault) {
            faults.add("/certificate_chain", String.valueOf(fault.getMessage()));
            return row -> {};
        }
        // What is there stays there when it expires, so that it can be written again as it was read.
        if (!wanted.givenChain().equals(entity.certificateChain())) {
            judgeTime(chain, faults);
        }
        SealedKey sealed = judgeKey(wanted, chain, entity, faults);
        OcspAnswer ocsp = judgeOcsp(wanted, chain, entity, faults);
        Instant notAfter = notAfter(chain);
        return row -> row.apply(wanted, notAfter, sealed, ocsp);
    }

    /** What is there may be written again as it was read; anything else is the issuer's to give. */
    private Consumer<CertificateEntity> judgeAcme(
            CertificateDraft wanted, CertificateDraft.Acme acme, CertificateEntity entity, FieldFaults faults) {
        if (wanted.certificateChain() != null && !wanted.givenChain().equals(entity.certificateChain())) {
            faults.add("/certificate_chain", "another than the one that is there (expected: none beside acme)");
        }
        if (wanted.privateKey() != null) {
            faults.add("/private_key", "a key (expected: none beside acme, where the control plane makes it)");
        }
        if (wanted.ocspResponse() != null) {
            faults.add("/ocsp_response", "a response (expected: none beside acme)");
        }
        faults.duplicates("/acme/domains", acme.domains());
        UUID issuer = directory.reference(ObjectKind.ACME_ISSUER, acme.issuer(), "/acme/issuer", faults);
        return row -> row.apply(
                wanted,
                new CertificateEntity.Acme(
                        Objects.requireNonNull(issuer), acme.domains(), acme.keyType(), acme.challenge()));
    }

    /**
     * Makes what an ACME issuer gave the chain and the key of a certificate, unless something else is wanted by now.
     *
     * @param wanted see {@link CertificateEntity.Acme#wanted}
     * @param pem the chain
     * @return whether it is there now
     * @throws TlsFault when it is nothing to prove oneself with
     */
    public boolean install(RevisionDraft draft, UUID id, String wanted, String pem, PrivateKey key) throws TlsFault {
        CertificateEntity entity = find(id.toString());
        CertificateEntity.Acme acme = entity == null ? null : entity.acme();
        if (entity == null || acme == null || !acme.wanted().equals(wanted)) {
            return false;
        }
        CertificateChain chain = CertificateChain.parse(pem);
        chain.privateKey(key.getEncoded());
        List<String> names = CertificatePortrait.of(chain.leaf()).sans();
        if (!names.containsAll(acme.domains())) {
            throw new TlsFault("a certificate for " + String.join(", ", names), String.join(", ", acme.domains()));
        }
        if (!pem.equals(entity.certificateChain())) {
            SealedKey sealed = new SealedKey(envelope.seal(id, key.getEncoded()), envelope.id());
            draft.replace(entity, row -> row.apply(pem, notAfter(chain), sealed));
        }
        return true;
    }

    private void judgeTime(CertificateChain chain, FieldFaults faults) {
        Instant now = clock.instant();
        for (int i = 0; i < chain.certificates().size(); i++) {
            Instant end = chain.certificates().get(i).getNotAfter().toInstant();
            if (end.isBefore(now)) {
                faults.add(
                        "/certificate_chain",
                        "certificate " + i + " expired at " + end + " (expected: certificates that are valid)");
            }
        }
    }

    /** The key that is to be stored; null when the one that is there stays. */
    private @Nullable SealedKey judgeKey(
            CertificateDraft wanted, CertificateChain chain, CertificateEntity entity, FieldFaults faults) {
        boolean same = entity.isHeld()
                && entity.chain().leaf().getPublicKey().equals(chain.leaf().getPublicKey());
        String text = wanted.privateKey();
        if (text == null) {
            if (!same) {
                faults.add(
                        "/private_key",
                        "absent (expected: the private key of the certificate, whose public key is not the one that is there)");
            }
            return null;
        }
        try {
            byte[] pkcs8 = PrivateKeyText.parse(text);
            chain.privateKey(pkcs8);
            return same ? null : new SealedKey(envelope.seal(entity.id(), pkcs8), envelope.id());
        } catch (TlsFault fault) {
            faults.add("/private_key", String.valueOf(fault.getMessage()));
            return null;
        }
    }

    private @Nullable OcspAnswer judgeOcsp(
            CertificateDraft wanted, CertificateChain chain, CertificateEntity entity, FieldFaults faults) {
        String text = wanted.ocspResponse();
        if (text == null) {
            return null;
        }
        try {
            OcspAnswer answer = OcspAnswer.parse(text, chain.leaf());
            Instant stale = answer.nextUpdate();
            boolean isNew = !java.util.Arrays.equals(answer.der(), entity.ocspResponse());
            if (isNew && stale != null && stale.isBefore(clock.instant())) {
                faults.add(
                        "/ocsp_response",
                        "stale since " + stale + " (expected: a response whose next update is to come)");
            }
            return answer;
        } catch (TlsFault fault) {
            faults.add("/ocsp_response", String.valueOf(fault.getMessage()));
            return null;
        }
    }

    private static Instant notAfter(CertificateChain chain) {
        return chain.certificates().stream()
                .map(X509Certificate::getNotAfter)
                .min(java.util.Date::compareTo)
                .orElseThrow()
                .toInstant();
    }

    @Override
    protected List<String> referrers(CertificateEntity entity) {
        return Stream.of(
                        directory.referrers(ObjectKind.SERVICE, "clientCertificateId = :id", entity.id()),
                        directory.referrers(ObjectKind.LISTENER, ":id member of certificateIds", entity.id()))
                .flatMap(List::stream)
                .toList();
    }
}
