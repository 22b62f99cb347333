package io.tollgate.node.credential.issue;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a body of the type application/x-www-form-urlencoded. Immutable. */
record Form(Map<String, String> parameters) {
    /** More than any request of RFC 6749 has. */
    private static final int PARAMETERS_MAX = 32;

    /** Copies the map. */
    Form {
        parameters = Map.copyOf(parameters);
    }

    /** Null when it is none, or says something twice (RFC 6749, 3.2). Parameters without a value are as if they were not there. */
    static @Nullable Form read(String text) {
        Map<String, String> parameters = new HashMap<>();
        String[] parts = text.split("&", -1);
        if (parts.length > PARAMETERS_MAX) {
            return null;
        }
        for (String part : parts) {
            int equals = part.indexOf('=');
            String name = decode(equals < 0 ? part : part.substring(0, equals));
            String value = equals < 0 ? "" : decode(part.substring(equals + 1));
            if (name == null || value == null || (!value.isEmpty() && parameters.put(name, value) != null)) {
                return null;
            }
        }
        return new Form(parameters);
    }

    /** A part of a form in plain; null when it is none. */
    static @Nullable String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    @Nullable
    String find(String name) {
        return parameters.get(name);
    }

    /** Hides the values. */
    @Override
    public String toString() {
        return "Form" + parameters.keySet();
    }
}
