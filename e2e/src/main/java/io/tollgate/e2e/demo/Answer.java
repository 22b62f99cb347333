package io.tollgate.e2e.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;

/** What came back, with checks that say what they expected. Immutable. */
record Answer(HttpResponse<String> response) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN_CHARACTERS_MAX = 600;

    int status() {
        return response.statusCode();
    }

    Answer expectStatus(int expected) throws DemoFailed {
        if (status() != expected) {
            throw new DemoFailed("status " + expected, "status " + status() + ": " + shortBody());
        }
        return this;
    }

    /** The value of a header that must be there. */
    String header(String name) throws DemoFailed {
        return response.headers().firstValue(name).orElse("").isEmpty()
                ? missing(name)
                : response.headers().firstValue(name).orElse("");
    }

    private String missing(String name) throws DemoFailed {
        throw new DemoFailed(
                "a header " + name, "only " + response.headers().map().keySet());
    }

    Answer expectHeader(String name, String part) throws DemoFailed {
        String value = header(name);
        if (!value.contains(part)) {
            throw new DemoFailed(name + " with " + part, name + ": " + value);
        }
        return this;
    }

    Answer expectBody(String part) throws DemoFailed {
        if (!response.body().contains(part)) {
            throw new DemoFailed("a body with " + part, shortBody());
        }
        return this;
    }

    /** A problem of RFC 9457 with this word at the end of its type. */
    Answer expectProblem(int expected, String word) throws DemoFailed {
        expectStatus(expected);
        expectHeader("Content-Type", "application/problem+json");
        String type = json().path("type").asText();
        if (!type.equals("urn:tollgate:problem:" + word)) {
            throw new DemoFailed("the problem urn:tollgate:problem:" + word, "the problem " + type);
        }
        return this;
    }

    JsonNode json() throws DemoFailed {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new DemoFailed("a body in JSON", shortBody());
        }
    }

    String body() {
        return response.body();
    }

    private String shortBody() {
        String body = response.body();
        return body.length() <= SHOWN_CHARACTERS_MAX ? body : body.substring(0, SHOWN_CHARACTERS_MAX) + "...";
    }
}
