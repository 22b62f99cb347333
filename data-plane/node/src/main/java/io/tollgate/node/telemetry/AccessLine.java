package io.tollgate.node.telemetry;

import java.time.Instant;

/** The facts of one request in the access log. Immutable; the components are the columns. */
record AccessLine(
        long timeMillis,
        String requestId,
        String client,
        String method,
        String host,
        String path,
        String route,
        String consumer,
        String credentialId,
        String plan,
        int status,
        String outcome,
        long requestBytes,
        long responseBytes,
        long durationMicros,
        String upstream,
        long upstreamMicros) {
    void appendTo(StringBuilder out) {
        out.append("{\"time\":\"").append(Instant.ofEpochMilli(timeMillis)).append('"');
        text(out, "request_id", requestId);
        text(out, "client", client);
        text(out, "method", method);
        text(out, "host", host);
        text(out, "path", path);
        text(out, "route", route);
        text(out, "consumer", consumer);
        text(out, "credential_id", credentialId);
        text(out, "plan", plan);
        number(out, "status", status);
        text(out, "outcome", outcome);
        number(out, "bytes_in", requestBytes);
        number(out, "bytes_out", responseBytes);
        number(out, "duration_micros", durationMicros);
        text(out, "upstream", upstream);
        number(out, "upstream_micros", upstreamMicros);
        out.append("}\n");
    }

    private static void number(StringBuilder out, String name, long value) {
        out.append(",\"").append(name).append("\":").append(value);
    }

    private static void text(StringBuilder out, String name, String value) {
        if (value.isEmpty()) {
            return;
        }
        out.append(",\"").append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
