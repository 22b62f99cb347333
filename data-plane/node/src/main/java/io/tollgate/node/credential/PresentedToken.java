package io.tollgate.node.credential;

import io.tollgate.engine.policy.JwtPolicy;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.filter.CookieText;
import io.tollgate.node.filter.QueryText;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the text that holds the token of a request, and where in it the token begins. Functions without state. */
final class PresentedToken {
    /** RFC 6750, 2.1; the name of a scheme has no case (RFC 9110, 11.1). */
    private static final String BEARER = "Bearer ";

    private static final String AUTHORIZATION = "authorization";

    private PresentedToken() {}

    /** The text that holds it, to its end; null when the request presents none. */
    static @Nullable String find(Exchange exchange, JwtPolicy.Places places) {
        MultiMap headers = exchange.request().headers();
        List<String> names = places.headerNames();
        for (int i = 0; i < names.size(); i++) {
            String value = headers.get(names.get(i));
            // Another scheme is another way of proving oneself.
            if (value != null && !value.isEmpty() && (!AUTHORIZATION.equals(names.get(i)) || isBearer(value))) {
                return value;
            }
        }
        String value = exchange.query().isEmpty() ? null : ofQuery(exchange.query(), places.queryParameters());
        return value == null ? ofCookies(headers, places.cookieNames()) : value;
    }

    /** Where the token begins in such a text. */
    static int start(String text) {
        if (!isBearer(text)) {
            return 0;
        }
        int start = BEARER.length();
        while (start < text.length() && text.charAt(start) == ' ') {
            start++;
        }
        return start;
    }

    private static boolean isBearer(String value) {
        return value.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    private static @Nullable String ofQuery(String query, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            String value = QueryText.valueOf(query, names.get(i));
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    private static @Nullable String ofCookies(MultiMap headers, List<String> names) {
        if (names.isEmpty()) {
            return null;
        }
        List<String> fields = headers.getAll(HttpHeaders.COOKIE);
        for (int i = 0; i < names.size(); i++) {
            for (int field = 0; field < fields.size(); field++) {
                String value = CookieText.valueOf(fields.get(field), names.get(i));
                if (value != null && !value.isEmpty()) {
                    return value;
                }
            }
        }
        return null;
    }
}
