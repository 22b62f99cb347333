package io.tollgate.engine.tls;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates as text (RFC 7468): any number of blocks one after the other, with nothing but space between them. Immutable functions. */
public final class PemCertificates {
    private static final Pattern BLOCK =
            Pattern.compile("\\s*-----BEGIN CERTIFICATE-----\\s([A-Za-z0-9+/=\\s]*)-----END CERTIFICATE-----\\s*");

    private PemCertificates() {}

    /**
     * Reads 1 to {@code most} different certificates.
     *
     * @throws TlsFault for any other text; certificates are numbered from 0
     */
    public static List<X509Certificate> parse(String text, int most) throws TlsFault {
        Matcher block = BLOCK.matcher(text);
        List<X509Certificate> certificates = new ArrayList<>();
        Set<X509Certificate> seen = new HashSet<>();
        int end = 0;
        while (end < text.length()) {
            block.region(end, text.length());
            if (!block.lookingAt()) {
                throw new TlsFault(
                        "text behind " + certificates.size() + " certificates",
                        "PEM blocks of BEGIN CERTIFICATE and nothing else");
            }
            if (certificates.size() == most) {
                throw new TlsFault("more than " + most + " certificates", "1 to " + most);
            }
            X509Certificate certificate = certificate(block.group(1), certificates.size());
            if (!seen.add(certificate)) {
                throw new TlsFault("certificate " + certificates.size() + " once more", "each certificate once");
            }
            certificates.add(certificate);
            end = block.end();
        }
        if (certificates.isEmpty()) {
            throw new TlsFault("no certificate", "1 to " + most + " PEM blocks of BEGIN CERTIFICATE");
        }
        return List.copyOf(certificates);
    }

    private static X509Certificate certificate(String base64, int number) throws TlsFault {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException | IllegalArgumentException e) {
            throw new TlsFault("certificate " + number + ", which cannot be read", "an X.509 certificate");
        }
    }
}
