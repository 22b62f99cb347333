package io.tollgate.engine.template;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a template may ask of every request. Immutable. */
public enum TemplateFact {
    REQUEST_METHOD,
    /** Always "http" today. */
    REQUEST_SCHEME,
    /** Lower case, without port. */
    REQUEST_HOST,
    /** Normalised, still percent-encoded, as it was matched. */
    REQUEST_PATH,
    /** Raw, without question mark. */
    REQUEST_QUERY,
    REQUEST_ID,
    CLIENT_ADDRESS,
    CONSUMER_ID,
    CONSUMER_NAME,
    /** Joined by commas. */
    CONSUMER_GROUPS,
    CREDENTIAL_ID,
    PLAN_NAME,
    ROUTE_NAME,
    /** The service that is called. */
    SERVICE_NAME;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '.');

    /** As a template writes it, for example {@code request.method}. */
    public String word() {
        return word;
    }

    static @Nullable TemplateFact find(String word) {
        for (TemplateFact fact : values()) {
            if (fact.word.equals(word)) {
                return fact;
            }
        }
        return null;
    }
}
