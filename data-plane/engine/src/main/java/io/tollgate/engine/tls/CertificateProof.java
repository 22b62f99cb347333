package io.tollgate.engine.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What a certificate may be known by, each as a text that is the same for all ways of writing it; of different kinds they are different.
 * Functions without state.
 */
public final class CertificateProof {
    /** Names of a certificate that are looked at: one that has more is no partner's. */
    static final int NAMES_MAX = 64;

    private CertificateProof() {}

    /** Everything that this certificate may be known by, what is most particular first. */
    public static List<String> of(PeerCertificate certificate) {
        List<String> proofs = new ArrayList<>();
        proofs.add(fingerprint(certificate.fingerprintSha256()));
        AlternativeNames names = certificate.names();
        names.uris().stream().limit(NAMES_MAX).map(CertificateProof::uri).forEach(proofs::add);
        names.dns().stream().limit(NAMES_MAX).map(CertificateProof::dns).forEach(proofs::add);
        names.emails().stream().limit(NAMES_MAX).map(CertificateProof::email).forEach(proofs::add);
        X509Certificate own = certificate.chain().get(0);
        String subject = subject(own.getSubjectX500Principal());
        if (subject != null) {
            proofs.add(subject);
        }
        return List.copyOf(proofs);
    }

    /** @param hex SHA-256 of the DER in hexadecimal, with or without colons, in any case */
    public static String fingerprint(String hex) {
        return "certificate-sha256 " + hex.replace(":", "").toLowerCase(Locale.ROOT);
    }

    public static String uri(String uri) {
        return "certificate-uri " + uri;
    }

    public static String dns(String name) {
        return "certificate-dns " + name.toLowerCase(Locale.ROOT);
    }

    /** The domain has no case, what is in front of it may have (RFC 5321, 2.4). */
    public static String email(String address) {
        int domain = address.lastIndexOf('@') + 1;
        return "certificate-email " + address.substring(0, domain)
                + address.substring(domain).toLowerCase(Locale.ROOT);
    }

    /** @param name a distinguished name (RFC 4514); null when it is none, or empty */
    public static @Nullable String subject(String name) {
        try {
            return subject(new X500Principal(name));
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private static @Nullable String subject(X500Principal name) {
        String canonical = name.getName(X500Principal.CANONICAL);
        return canonical.isEmpty() ? null : "certificate-subject " + canonical;
    }
}
