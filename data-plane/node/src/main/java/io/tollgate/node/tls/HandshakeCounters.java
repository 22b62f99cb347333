package io.tollgate.node.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How handshakes with clients ended, since the start of the process. Shared; lock-free. */
public final class HandshakeCounters {
    private final Map<End, LongAdder> ends = new EnumMap<>(End.class);

    /** How a handshake ended. */
    public enum End {
        TLS_1_2("ok", "1.2"),
        TLS_1_3("ok", "1.3"),
        /** The client left, or did not like what it was shown and said nothing. */
        CLOSED("closed", ""),
        TIMEOUT("timeout", ""),
        /** What came was no TLS. */
        NOT_TLS("not-tls", ""),
        /** The client's certificate was not believed, or it had to show one and did not. */
        CLIENT_CERTIFICATE("client-certificate", ""),
        /** The two sides share no version, suite or kind of key. */
        NO_AGREEMENT("no-agreement", ""),
        /** The client ended it with an alert, most often since it does not believe the certificate. */
        CLIENT_ALERT("client-alert", ""),
        /** An ACME server came to see a proof, or for one that is not there (RFC 8737). */
        PROOF("acme", ""),
        OTHER("other", "");

        private final String outcome;
        private final String version;

        End(String outcome, String version) {
            this.outcome = outcome;
            this.version = version;
        }

        /** Label of metrics: {@code ok}, or why it failed. */
        public String outcome() {
            return outcome;
        }

        /** Label of metrics: the version that was agreed on; empty when there was none. */
        public String version() {
            return version;
        }
    }

    /** Nothing counted yet. */
    public HandshakeCounters() {
        for (End end : End.values()) {
            ends.put(end, new LongAdder());
        }
    }

    /** How many ended so. */
    public long count(End end) {
        LongAdder adder = ends.get(end);
        return adder == null ? 0 : adder.sum();
    }

    void completed(String protocol) {
        add(protocol.equals("TLSv1.3") ? End.TLS_1_3 : End.TLS_1_2);
    }

    void proven() {
        add(End.PROOF);
    }

    void failed(@Nullable Throwable cause) {
        add(classify(cause));
    }

    private void add(End end) {
        LongAdder adder = ends.get(end);
        if (adder != null) {
            adder.increment();
        }
    }

    /** Stacks tell apart by their texts only what went wrong. */
    static End classify(@Nullable Throwable cause) {
        if (cause instanceof ClosedChannelException) {
            return End.CLOSED;
        }
        if (cause instanceof SslHandshakeTimeoutException) {
            return End.TIMEOUT;
        }
        if (cause instanceof NotSslRecordException) {
            return End.NOT_TLS;
        }
        StringBuilder texts = new StringBuilder();
        int depth = 0;
        for (Throwable one = cause; one != null && depth < 5; one = one.getCause(), depth++) {
            texts.append(one.getMessage())
                    .append(' ')
                    .append(one.getClass().getSimpleName())
                    .append(' ');
        }
        String text = texts.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
        if (text.contains("received fatal alert")
                || text.contains("alert certificate")
                || text.contains("alert unknown ca")
                || text.contains("alert bad certificate")) {
            return End.CLIENT_ALERT;
        }
        if (text.contains("peer did not return a certificate")
                || text.contains("certificate verify failed")
                || text.contains("empty client certificate chain")
                || text.contains("empty server certificate chain")
                || text.contains("pkix")
                || text.contains("certpath")
                || text.contains("certificateexpired")
                || text.contains("certificateexception")) {
            return End.CLIENT_CERTIFICATE;
        }
        if (text.contains("no cipher suites in common")
                || text.contains("no shared cipher")
                || text.contains("wrong curve")
                || text.contains("no certificate set")
                || text.contains("unsupported protocol")
                || text.contains("protocol version")
                || text.contains("not supported by the server")
                || text.contains("not enabled or supported")
                || text.contains("no common signature")
                || text.contains("no available authentication scheme")) {
            return End.NO_AGREEMENT;
        }
        return End.OTHER;
    }
}
