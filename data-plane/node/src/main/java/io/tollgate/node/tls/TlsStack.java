package io.tollgate.node.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** The implementation of TLS that a process uses. Immutable. */
public enum TlsStack {
    /** BoringSSL, where its native file fits the platform: several times the handshakes of the JDK's. */
    OPENSSL("openssl", SslProvider.OPENSSL),
    /** The JDK's own, everywhere. */
    JDK("jdk", SslProvider.JDK);

    private final String word;
    private final SslProvider provider;

    TlsStack(String word, SslProvider provider) {
        this.word = word;
        this.provider = provider;
    }

    /** The best one that works here. */
    public static TlsStack choose() {
        return OpenSsl.isAvailable() && SslProvider.isAlpnSupported(SslProvider.OPENSSL) ? OPENSSL : JDK;
    }

    /** Its label in logs and metrics. */
    public String word() {
        return word;
    }

    /** What is told of it at the start: its version, or why it is not the better one. */
    public String detail() {
        if (this == OPENSSL) {
            return OpenSsl.versionString();
        }
        Throwable cause = OpenSsl.unavailabilityCause();
        return cause == null ? System.getProperty("java.version") : "no native file: " + cause.getMessage();
    }

    /** What Netty calls it. */
    public SslProvider provider() {
        return provider;
    }

    /** Whether an OCSP response that was given can be shown; the JDK only shows those that it fetches itself. */
    public boolean canStaple() {
        return this == OPENSSL && OpenSsl.isOcspSupported();
    }
}
