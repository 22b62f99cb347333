package io.tollgate.controlplane.admin.answer;

import io.tollgate.admin.model.Authority;
import io.tollgate.admin.model.Certificate;
import io.tollgate.admin.model.TrustRoot;
import io.tollgate.controlplane.catalog.certificate.CertificateEntity;
import io.tollgate.controlplane.catalog.trustroot.TrustRootEntity;
import io.tollgate.engine.tls.CertificatePortrait;
import io.tollgate.engine.tls.KeyAlgorithm;
import io.tollgate.engine.tls.TlsFault;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** Certificates and trust roots as models of the contract, with what the certificates say and without any key. Immutable. */
final class CertificateModels {
    private CertificateModels() {}

    static Certificate of(CertificateEntity row, Names names) {
        Certificate model = new Certificate()
                .id(row.id())
                .name(row.name())
                .acme(AcmeModels.of(row, row.acme(), names))
                .tags(row.tags())
                .createdAt(Models.time(row.createdAt()))
                .updatedAt(Models.time(row.updatedAt()));
        return row.isHeld() ? held(row, model) : model;
    }

    private static Certificate held(CertificateEntity row, Certificate model) {
        X509Certificate leaf = row.chain().leaf();
        CertificatePortrait portrait = CertificatePortrait.of(leaf);
        byte[] ocspResponse = row.ocspResponse();
        return model.certificateChain(row.certificateChain())
                .ocspResponse(ocspResponse == null ? null : Base64.getEncoder().encodeToString(ocspResponse))
                .subject(portrait.subject())
                .sans(portrait.sans())
                .keyAlgorithm(algorithm(leaf.getPublicKey()))
                .serial(portrait.serial())
                .notBefore(Models.time(portrait.notBefore()))
                .notAfter(Models.time(row.notAfter()))
                .fingerprintSha256(portrait.fingerprintSha256());
    }

    static TrustRoot of(TrustRootEntity row) {
        return new TrustRoot()
                .id(row.id())
                .name(row.name())
                .certificates(row.certificates())
                .authorities(row.authorities().stream()
                        .map(CertificateModels::authority)
                        .toList())
                .tags(row.tags())
                .createdAt(Models.time(row.createdAt()))
                .updatedAt(Models.time(row.updatedAt()));
    }

    private static Authority authority(X509Certificate certificate) {
        CertificatePortrait portrait = CertificatePortrait.of(certificate);
        return new Authority()
                .subject(portrait.subject())
                .serial(portrait.serial())
                .notBefore(Models.time(portrait.notBefore()))
                .notAfter(Models.time(portrait.notAfter()))
                .fingerprintSha256(portrait.fingerprintSha256());
    }

    private static String algorithm(PublicKey key) {
        try {
            return KeyAlgorithm.words(key);
        } catch (TlsFault e) {
            throw new IllegalStateException("the key was checked before it was stored", e);
        }
    }
}
