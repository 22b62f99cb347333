package io.tollgate.engine.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * The subject alternative names of a certificate (RFC 5280, 4.2.1.6) by their kinds; those of other kinds are left out. Immutable.
 *
 * @param dns names of hosts in lower case
 * @param emails as they are written
 * @param uris as they are written
 * @param addresses IP addresses as text, IPv6 ones in their eight groups
 */
public record AlternativeNames(List<String> dns, List<String> emails, List<String> uris, List<String> addresses) {
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;

    /** Copies the lists. */
    public AlternativeNames {
        dns = List.copyOf(dns);
        emails = List.copyOf(emails);
        uris = List.copyOf(uris);
        addresses = List.copyOf(addresses);
    }

    static AlternativeNames of(X509Certificate certificate) {
        List<String> dns = new ArrayList<>();
        List<String> emails = new ArrayList<>();
        List<String> uris = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (List<?> name : alternatives(certificate)) {
            if (!(name.get(1) instanceof String text)) {
                continue;
            }
            switch ((Integer) name.get(0)) {
                case DNS -> dns.add(text.toLowerCase(Locale.ROOT));
                case EMAIL -> emails.add(text);
                case URI -> uris.add(text);
                case ADDRESS -> addresses.add(text);
                default -> {}
            }
        }
        return new AlternativeNames(dns, emails, uris, addresses);
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
}
