package io.tollgate.node.proxy;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.tollgate.node.exchange.Outcome;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Why no connection was made, as an outcome. Immutable functions. */
final class ConnectFailure {
    /** No chain of causes is longer; a circle must not hold a loop. */
    private static final int CAUSES_MAX = 16;

    private ConnectFailure() {}

    static Outcome outcome(Throwable cause) {
        if (cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException) {
            return Outcome.UPSTREAM_CONNECT_TIMEOUT;
        }
        if (cause instanceof UnknownHostException) {
            return Outcome.UPSTREAM_UNRESOLVED;
        }
        if (cause instanceof NotHttp2Exception) {
            return Outcome.UPSTREAM_PROTOCOL;
        }
        return isTls(cause) ? tls(cause) : Outcome.UPSTREAM_CONNECT;
    }

    /** Whether TLS itself failed, not what is below it. */
    static boolean isTls(Throwable cause) {
        @Nullable Throwable one = cause;
        for (int i = 0; one != null && i < CAUSES_MAX; i++) {
            if (one instanceof SSLException) {
                return true;
            }
            one = one.getCause();
        }
        return false;
    }

    private static Outcome tls(Throwable cause) {
        @Nullable Throwable one = cause;
        for (int i = 0; one != null && i < CAUSES_MAX; i++) {
            if (one instanceof CertificateException
                    || one instanceof CertPathValidatorException
                    || one instanceof SSLPeerUnverifiedException) {
                return Outcome.UPSTREAM_CERTIFICATE;
            }
            one = one.getCause();
        }
        return Outcome.UPSTREAM_TLS;
    }
}
