package io.tollgate.engine.explain;

import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.expression.ExpressionFacts;
import io.tollgate.engine.route.OctetText;
import io.tollgate.engine.route.QueryString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What expressions may ask of a described call. What only a connection or a real credential tells is as good as any, and remembered when it
 * was asked for. Confined to the question.
 */
final class DescribedCall implements ExpressionFacts {
    private final DescribedCaller caller;
    private final Set<String> unknown = new TreeSet<>();

    DescribedCall(DescribedCaller caller) {
        this.caller = caller;
    }

    /** Names of what was asked for and is not known of a described call, in order. */
    Set<String> unknown() {
        return unknown;
    }

    private <T> T unknown(String name, T value) {
        unknown.add(name);
        return value;
    }

    /** The same for what a credential tells that is shown, or that an anonymous caller has not. */
    private <T> T ofCredential(String name, T value) {
        return caller.consumer() == null || caller.shown().credential() != null ? value : unknown(name, value);
    }

    @Override
    public String method() {
        return caller.method();
    }

    @Override
    public String scheme() {
        return unknown("request.scheme", "http");
    }

    @Override
    public String host() {
        return caller.request().host();
    }

    @Override
    public String path() {
        return OctetText.toText(caller.request().path());
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        for (ExplainQuestion.Header header : caller.request().question().headers()) {
            headers.merge(
                    header.name().toLowerCase(Locale.ROOT),
                    header.value().strip(),
                    (first, next) -> first + ", " + next);
        }
        String host = caller.request().question().host();
        if (!host.isEmpty()) {
            headers.putIfAbsent("host", host);
        }
        return headers;
    }

    @Override
    public Map<String, String> queryParameters() {
        return QueryString.all(caller.request().query());
    }

    @Override
    public String clientAddress() {
        return caller.request().question().caller().address();
    }

    @Override
    public long epochMillis() {
        return caller.epochMillis();
    }

    @Override
    public String consumerId() {
        return caller.consumerId();
    }

    @Override
    public String consumerName() {
        return caller.consumer() == null ? "" : caller.consumer().name();
    }

    @Override
    public List<String> groups() {
        return caller.groups();
    }

    @Override
    public String planName() {
        return caller.plan() == null ? "" : caller.plan().name();
    }

    @Override
    public String credentialId() {
        Credential shown = caller.shown().credential();
        return ofCredential("credential.id", shown == null ? "" : shown.id());
    }

    @Override
    public String credentialType() {
        Credential shown = caller.shown().credential();
        return ofCredential("credential.type", shown == null ? "" : shown.type().word());
    }

    @Override
    public List<String> scopes() {
        return caller.scopes().stream().sorted().toList();
    }

    @Override
    public Map<String, @Nullable Object> claims() {
        return ofCredential("token.claims", caller.shown().claims());
    }
}
