package io.tollgate.controlplane.admin.answer;

import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer before it goes out. Immutable.
 *
 * @param body     JSON, or nothing
 * @param keptBody what is kept of the body for a repeated request: all of it but secrets
 */
public record Answer(
        int status,
        Map<String, String> headers,
        @Nullable String body,
        @Nullable String keptBody) {
    public static final String REVISION = "Tollgate-Revision";

    public Answer {
        headers = Map.copyOf(headers);
    }

    long revision() {
        return Long.parseLong(headers.getOrDefault(REVISION, "0"));
    }

    Response.ResponseBuilder response(int withStatus) {
        Response.ResponseBuilder response = Response.status(withStatus);
        headers.forEach(response::header);
        if (body != null) {
            response.type("application/json").entity(body);
        }
        return response;
    }
}
