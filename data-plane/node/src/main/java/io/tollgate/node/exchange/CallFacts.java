package io.tollgate.node.exchange;

import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.consumer.Scopes;
import io.tollgate.engine.expression.ExpressionFacts;
import io.tollgate.engine.route.OctetText;
import io.tollgate.engine.route.QueryString;
import io.tollgate.engine.token.VerifiedToken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What expressions may ask of the request at hand. Event-loop confined; made for routes with expressions only.
 *
 * <p>The maps are made when they are asked for and then kept: several expressions may look into them.
 */
public final class CallFacts implements ExpressionFacts {
    private final Exchange exchange;
    private final @Nullable Credential credential;
    private final @Nullable Plan plan;
    private final Scopes scopes;
    private @Nullable Map<String, String> headers;
    private @Nullable Map<String, String> queryParameters;

    /**
     * Of this request and this caller.
     *
     * @param credential null for an anonymous caller
     * @param plan under which the call goes; null for an anonymous caller
     * @param scopes what the caller may do
     */
    public CallFacts(Exchange exchange, @Nullable Credential credential, @Nullable Plan plan, Scopes scopes) {
        this.exchange = exchange;
        this.credential = credential;
        this.plan = plan;
        this.scopes = scopes;
    }

    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String scheme() {
        return exchange.isSecure() ? "https" : "http";
    }

    @Override
    public String host() {
        return exchange.client().host();
    }

    @Override
    public String path() {
        return OctetText.toText(exchange.path());
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> known = headers;
        if (known == null) {
            Map<String, String> read = new LinkedHashMap<>();
            exchange.request()
                    .headers()
                    .forEach((name, value) -> read.merge(
                            name.toLowerCase(Locale.ROOT),
                            OctetText.toText(value),
                            (first, next) -> first + ", " + next));
            String host = exchange.client().hostField();
            if (!host.isEmpty()) {
                // Over HTTP/2 it is no field.
                read.putIfAbsent("host", host);
            }
            known = read;
            headers = read;
        }
        return known;
    }

    @Override
    public Map<String, String> queryParameters() {
        Map<String, String> known = queryParameters;
        if (known == null) {
            known = QueryString.all(exchange.query());
            queryParameters = known;
        }
        return known;
    }

    @Override
    public String clientAddress() {
        return exchange.clientAddress();
    }

    @Override
    public long epochMillis() {
        return exchange.epochMillis();
    }

    @Override
    public String consumerId() {
        return credential == null ? "" : credential.consumer().id();
    }

    @Override
    public String consumerName() {
        return credential == null ? "" : credential.consumer().name();
    }

    @Override
    public List<String> groups() {
        return credential == null ? List.of() : credential.consumer().groups();
    }

    @Override
    public String planName() {
        return plan == null ? "" : plan.name();
    }

    @Override
    public String credentialId() {
        return credential == null ? "" : credential.id();
    }

    @Override
    public String credentialType() {
        return credential == null ? "" : credential.type().word();
    }

    @Override
    public List<String> scopes() {
        return scopes.list();
    }

    @Override
    public Map<String, @Nullable Object> claims() {
        VerifiedToken token = exchange.token();
        return token == null ? Map.of() : token.claims();
    }
}
