package io.tollgate.engine.listener;

import io.tollgate.engine.tls.CertificateIndex;
import io.tollgate.engine.tls.ClientCertificates;
import io.tollgate.engine.tls.TlsProfile;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * How a listener speaks TLS. Immutable.
 *
 * @param profile versions and suites
 * @param certificates that it shows
 * @param clientCertificates whether clients prove themselves
 * @param trusted authorities whose signatures on clients' certificates are believed; empty when clients are not asked
 */
public record ListenerTls(
        TlsProfile profile,
        CertificateIndex certificates,
        ClientCertificates clientCertificates,
        List<X509Certificate> trusted) {}
