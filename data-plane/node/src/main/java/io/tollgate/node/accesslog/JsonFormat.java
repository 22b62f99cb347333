package io.tollgate.node.accesslog;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.tollgate.engine.tls.PeerCertificate;
import java.time.Instant;
import java.util.List;

/** One JSON object per line: the chosen fields in their order, then the chosen header fields; empty texts are left out. Immutable. */
record JsonFormat(List<LogField> fields, List<String> headers, Redaction redaction) implements LogFormat {
    @Override
    public void append(AccessLine line, StringBuilder out) {
        out.append('{');
        int start = out.length();
        for (LogField field : fields) {
            append(field, line, out);
        }
        for (int i = 0; i < headers.size(); i++) {
            text(out, "header." + headers.get(i), line.headers()[i]);
        }
        if (out.length() > start) {
            out.deleteCharAt(start);
        }
        out.append("}\n");
    }

    private void append(LogField field, AccessLine line, StringBuilder out) {
        String word = field.word();
        switch (field) {
            case TIME -> text(out, word, Instant.ofEpochMilli(line.timeMillis()).toString());
            case REQUEST_ID -> text(out, word, line.requestId());
            case TRACE_ID -> text(out, word, line.traceId());
            case CLIENT -> text(out, word, redaction.address(line.client()));
            case METHOD -> text(out, word, line.method());
            case HOST -> text(out, word, line.host());
            case PATH -> text(out, word, line.path());
            case QUERY -> text(out, word, redaction.query(line.query()));
            case PROTOCOL -> text(out, word, line.protocol());
            case ROUTE -> text(out, word, line.route());
            case SERVICE -> text(out, word, line.service());
            case CONSUMER -> text(out, word, line.consumer());
            case CREDENTIAL_ID -> text(out, word, line.credentialId());
            case TOKEN_ISSUER -> text(out, word, line.tokenIssuer());
            case TOKEN_SUBJECT -> text(out, word, line.tokenSubject());
            case PLAN -> text(out, word, line.plan());
            case CLIENT_CERTIFICATE_SUBJECT -> {
                PeerCertificate certificate = line.clientCertificate();
                text(out, word, certificate == null ? "" : certificate.subject());
            }
            case CLIENT_CERTIFICATE_FINGERPRINT -> {
                PeerCertificate certificate = line.clientCertificate();
                text(out, word, certificate == null ? "" : certificate.fingerprintSha256());
            }
            case STATUS -> number(out, word, line.status());
            case OUTCOME -> text(out, word, line.outcome());
            case BYTES_IN -> number(out, word, line.requestBytes());
            case BYTES_OUT -> number(out, word, line.responseBytes());
            case DURATION_MICROS -> number(out, word, line.durationMicros());
            case GATEWAY_MICROS -> number(out, word, line.gatewayMicros());
            case UPSTREAM -> text(out, word, line.upstream());
            case UPSTREAM_MICROS -> number(out, word, line.upstreamHeadMicros());
            case UPSTREAM_TOTAL_MICROS -> number(out, word, line.upstreamMicros());
            case SHARE -> {
                if (line.share() < 1) {
                    out.append(",\"").append(word).append("\":").append(line.share());
                }
            }
        }
    }

    private static void number(StringBuilder out, String name, long value) {
        out.append(",\"").append(name).append("\":").append(value);
    }

    private static void text(StringBuilder out, String name, String value) {
        if (!value.isEmpty()) {
            out.append(",\"").append(name).append("\":\"");
            JsonStringEncoder.getInstance().quoteAsString(value, out);
            out.append('"');
        }
    }
}
