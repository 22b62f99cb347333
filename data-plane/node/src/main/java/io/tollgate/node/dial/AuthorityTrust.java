package io.tollgate.node.dial;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Believes one authority only: a known one, or at first contact the one with the fingerprint of the join token, which the server has to bring
 * along. Names are checked as for every server. Remembers why it did not believe the last one, which the connection does not tell. Shared.
 */
final class AuthorityTrust extends X509ExtendedTrustManager {
    private final String fingerprint;
    private volatile @Nullable String refusal;

    private AuthorityTrust(String fingerprint) {
        this.fingerprint = fingerprint;
    }

    /** For first contact. */
    static AuthorityTrust byFingerprint(String sha256) {
        return new AuthorityTrust(sha256);
    }

    /** Why a server was not believed; null when none was refused. */
    @Nullable
    String refusal() {
        return refusal;
    }

    /** From then on. */
    static X509ExtendedTrustManager of(X509Certificate authority) {
        try {
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            anchors.setCertificateEntry("authority", authority);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(anchors);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new IllegalStateException("every Java has PKIX");
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException("every Java has PKIX", impossible);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            authorityIn(chain).checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            refusal = e.getMessage();
            throw e;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        authorityIn(chain).checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a server whose name is not known");
    }

    private X509ExtendedTrustManager authorityIn(X509Certificate[] chain) throws CertificateException {
        for (X509Certificate certificate : chain) {
            if (fingerprint.equals(fingerprint(certificate)) && certificate.getBasicConstraints() >= 0) {
                return of(certificate);
            }
        }
        throw new CertificateException("the server has not shown the authority of the join token: either it is another"
                + " control plane, or somebody stands between (expected: an authority with SHA-256 " + fingerprint
                + ")");
    }

    private static String fingerprint(X509Certificate certificate) throws CertificateException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no client is believed here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
