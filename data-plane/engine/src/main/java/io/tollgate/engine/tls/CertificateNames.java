package io.tollgate.engine.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What a certificate is for, as its subject alternative names say (RFC 6125); its common name does not count, as for today's clients.
 * Immutable.
 *
 * @param dns names of hosts in lower case; the first label may be {@code *}, which stands for one whole label
 * @param addresses IP addresses as text
 */
public record CertificateNames(List<String> dns, List<String> addresses) {
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    static CertificateNames of(X509Certificate certificate) {
        List<String> dns = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (List<?> name : alternatives(certificate)) {
            if (name.get(0).equals(DNS)) {
                dns.add(((String) name.get(1)).toLowerCase(Locale.ROOT));
            } else if (name.get(0).equals(ADDRESS)) {
                addresses.add((String) name.get(1));
            }
        }
        return new CertificateNames(List.copyOf(dns), List.copyOf(addresses));
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            // Names that nobody can read are for nobody.
            return List.of();
        }
    }

    /** All of them. */
    public List<String> all() {
        List<String> all = new ArrayList<>(dns);
        all.addAll(addresses);
        return List.copyOf(all);
    }
}
