package io.tollgate.node.ops;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tollgate.engine.explain.ExplainQuestion;
import io.tollgate.engine.explain.Explanation;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads questions and writes explanations as the admin API does. Functions without state. */
final class ExplainText {
    private static final int HEADERS_MAX = 100;
    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,31}");
    private static final JsonFactory JSON = new JsonFactory();

    private ExplainText() {}

    /** A text that is no question; its message says why. */
    static final class QuestionException extends Exception {
        private static final long serialVersionUID = 1;

        QuestionException(String message) {
            super(message);
        }
    }

    static ExplainQuestion read(byte[] text, long nowMillis) throws QuestionException {
        String method = "";
        String host = "";
        String path = "";
        String consumer = "";
        Set<String> scopes = Set.of();
        String address = "";
        List<ExplainQuestion.Header> headers = List.of();
        try (JsonParser in = JSON.createParser(text)) {
            expect(in, in.nextToken(), JsonToken.START_OBJECT, "an object");
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                in.nextToken();
                switch (name) {
                    case "method" -> method = string(in, name);
                    case "host" -> host = string(in, name);
                    case "path" -> path = string(in, name);
                    case "consumer" -> consumer = string(in, name);
                    case "headers" -> headers = headers(in);
                    case "scopes" -> scopes = scopes(in);
                    case "client_address" -> address = string(in, name);
                    default ->
                        throw new QuestionException(
                                name + " (expected: method, host, path, headers, consumer, scopes or client_address)");
                }
            }
        } catch (IOException e) {
            throw new QuestionException("The body is not JSON (expected: a described request).");
        }
        if (!METHOD.matcher(method).matches()) {
            throw new QuestionException("method " + method + " (expected: a method in upper case)");
        }
        if (!path.startsWith("/")) {
            throw new QuestionException("path " + path + " (expected: a path that starts with a slash)");
        }
        return new ExplainQuestion(
                method, host, path, headers, new ExplainQuestion.Caller(consumer, scopes, address), nowMillis);
    }

    private static Set<String> scopes(JsonParser in) throws IOException, QuestionException {
        expect(in, in.currentToken(), JsonToken.START_ARRAY, "a list of scopes");
        Set<String> scopes = new HashSet<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            scopes.add(string(in, "scope"));
        }
        return scopes;
    }

    private static List<ExplainQuestion.Header> headers(JsonParser in) throws IOException, QuestionException {
        expect(in, in.currentToken(), JsonToken.START_ARRAY, "a list of headers");
        List<ExplainQuestion.Header> headers = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            expect(in, in.currentToken(), JsonToken.START_OBJECT, "a header with name and value");
            String name = "";
            String value = "";
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = in.currentName();
                in.nextToken();
                switch (field) {
                    case "name" -> name = string(in, field);
                    case "value" -> value = string(in, field);
                    default -> throw new QuestionException(field + " of a header (expected: name or value)");
                }
            }
            if (name.isEmpty() || headers.size() == HEADERS_MAX) {
                throw new QuestionException("headers (expected: at most " + HEADERS_MAX + ", each with a name)");
            }
            headers.add(new ExplainQuestion.Header(name, value));
        }
        return headers;
    }

    private static String string(JsonParser in, String name) throws IOException, QuestionException {
        expect(in, in.currentToken(), JsonToken.VALUE_STRING, "a text as " + name);
        return in.getText();
    }

    private static void expect(JsonParser in, JsonToken seen, JsonToken wanted, String words)
            throws IOException, QuestionException {
        if (seen != wanted) {
            throw new QuestionException(in.getText() + " (expected: " + words + ")");
        }
    }

    static String json(Explanation explanation) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeNumberField("revision", explanation.revision());
            out.writeStringField("verdict", explanation.verdict().word());
            unlessEmpty(out, "path", explanation.path());
            unlessEmpty(out, "route", explanation.route());
            unlessEmpty(out, "pattern", explanation.pattern());
            if (!explanation.parameters().isEmpty()) {
                out.writeObjectFieldStart("parameters");
                for (Map.Entry<String, String> parameter :
                        explanation.parameters().entrySet()) {
                    out.writeStringField(parameter.getKey(), parameter.getValue());
                }
                out.writeEndObject();
            }
            candidates(out, explanation);
            if (!explanation.route().isEmpty()) {
                applied(out, explanation);
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes all text", e);
        }
        return text.append('\n').toString();
    }

    private static void candidates(JsonGenerator out, Explanation explanation) throws IOException {
        out.writeArrayFieldStart("candidates");
        for (Explanation.Candidate candidate : explanation.candidates()) {
            out.writeStartObject();
            out.writeStringField("route", candidate.route());
            out.writeBooleanField("matches", candidate.matches());
            unlessEmpty(out, "failed", candidate.failed());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void applied(JsonGenerator out, Explanation explanation) throws IOException {
        out.writeStringField("action", explanation.action());
        out.writeArrayFieldStart("policies");
        for (Explanation.AppliedPolicy policy : explanation.policies()) {
            out.writeStartObject();
            out.writeStringField("type", policy.type());
            out.writeStringField("from", policy.from());
            unlessEmpty(out, "name", policy.name());
            unlessEmpty(out, "detail", policy.detail());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("limits");
        for (String limit : explanation.limits()) {
            out.writeString(limit);
        }
        out.writeEndArray();
        unlessEmpty(out, "upstream", explanation.upstream());
        out.writeStringField("admission", explanation.admission());
    }

    private static void unlessEmpty(JsonGenerator out, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeStringField(name, value);
        }
    }
}
