package io.tollgate.e2e.demo;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request, as a curl line to read and copy and as the request itself. Immutable.
 *
 * @param body JSON, or null for none
 */
record Call(
        String method,
        String url,
        List<Header> headers,
        @Nullable String body) {

    /**
     * A header.
     *
     * @param shellValue how the value is written between double quotes of a shell; it may name a file instead of the value itself
     */
    record Header(String name, String value, String shellValue) {}

    Call {
        headers = List.copyOf(headers);
    }

    static Call of(String method, String url) {
        return new Call(method, url, List.of(), null);
    }

    Call header(String name, String value) {
        return header(name, value, value.replace("\\", "\\\\").replace("\"", "\\\""));
    }

    Call header(String name, String value, String shellValue) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value, shellValue));
        return new Call(method, url, more, body);
    }

    Call json(String json) {
        return new Call(method, url, headers, json).header("Content-Type", "application/json");
    }

    /** The line for a shell: what it sends is what {@link #request} sends. */
    String curl() {
        StringBuilder line = new StringBuilder("curl -i");
        if (!method.equals("GET")) {
            line.append(" -X ").append(method);
        }
        line.append(" '").append(url).append('\'');
        for (Header header : headers) {
            line.append(" \\\n       -H \"")
                    .append(header.name())
                    .append(": ")
                    .append(header.shellValue())
                    .append('"');
        }
        if (body != null) {
            line.append(" \\\n       -d '").append(body.replace("'", "'\\''")).append('\'');
        }
        return line.toString();
    }

    HttpRequest request(Duration answerTimeMax) {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(url)).timeout(answerTimeMax).method(method, publisher);
        headers.forEach(header -> builder.header(header.name(), header.value()));
        return builder.build();
    }
}
