package io.tollgate.engine.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What a certificate is for, as its subject alternative names say (RFC 6125); its common name does not count, as for today's clients.
 * Immutable.
 *
 * @param dns names of hosts in lower case; the first label may be {@code *}, which stands for one whole label
 * @param addresses IP addresses as text
 */
public record CertificateNames(List<String> dns, List<String> addresses) {
    static CertificateNames of(X509Certificate certificate) {
        AlternativeNames names = AlternativeNames.of(certificate);
        return new CertificateNames(names.dns(), names.addresses());
    }

    /** All of them. */
    public List<String> all() {
        List<String> all = new ArrayList<>(dns);
        all.addAll(addresses);
        return List.copyOf(all);
    }
}
