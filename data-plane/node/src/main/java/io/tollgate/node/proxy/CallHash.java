package io.tollgate.node.proxy;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.upstream.HashRules;
import io.tollgate.engine.upstream.Hashes;
import io.tollgate.node.exchange.Exchange;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** What a consistent hash is made of, read from a call. Immutable functions. */
final class CallHash {
    private CallHash() {}

    /** The hash of what the rules name; 0 when the call has no such thing. */
    static int of(Exchange exchange, HashRules rules) {
        String text = switch (rules.source()) {
            case CONSUMER -> {
                Consumer consumer = exchange.consumer();
                yield consumer == null ? exchange.clientAddress() : consumer.id();
            }
            case CLIENT_ADDRESS -> exchange.clientAddress();
            case HEADER -> exchange.request().getHeader(rules.name());
            case COOKIE -> cookie(exchange.request().getHeader(HttpHeaders.COOKIE), rules.name());
        };
        return text == null || text.isEmpty() ? 0 : Hashes.of(text);
    }

    /** The value of a cookie as the Cookie field has it (RFC 6265, 4.2.1); null when it is not there. */
    static @Nullable String cookie(@Nullable String field, String name) {
        if (field == null) {
            return null;
        }
        int start = 0;
        while (start < field.length()) {
            int semicolon = field.indexOf(';', start);
            int end = semicolon < 0 ? field.length() : semicolon;
            while (start < end && field.charAt(start) == ' ') {
                start++;
            }
            if (field.startsWith(name, start)
                    && start + name.length() < end
                    && field.charAt(start + name.length()) == '=') {
                return field.substring(start + name.length() + 1, end);
            }
            start = end + 1;
        }
        return null;
    }
}
