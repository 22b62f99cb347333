package io.tollgate.node.exchange;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.route.OctetText;
import io.tollgate.engine.route.QueryString;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.template.TemplateFact;
import io.tollgate.engine.template.TemplateFacts;
import io.tollgate.engine.upstream.Upstream;
import java.util.List;

/**
 * What templates may ask of the request at hand. Event-loop confined.
 *
 * <p>What stays behind on the way to the upstream, a key above all, is not told here either: no template can carry it on
 * under another name.
 */
record ExchangeFacts(Exchange exchange) implements TemplateFacts {
    @Override
    public String parameter(String name) {
        return exchange.parameter(name);
    }

    @Override
    public String fact(TemplateFact fact) {
        Consumer consumer = exchange.consumer();
        return switch (fact) {
            case REQUEST_METHOD -> exchange.request().method().name();
            case REQUEST_SCHEME -> exchange.isSecure() ? "https" : "http";
            case REQUEST_HOST -> exchange.client().host();
            case REQUEST_PATH -> exchange.path();
            case REQUEST_QUERY -> query();
            case REQUEST_ID -> exchange.requestId();
            case CLIENT_ADDRESS -> exchange.clientAddress();
            case CONSUMER_ID -> consumer == null ? "" : consumer.id();
            case CONSUMER_NAME -> consumer == null ? "" : OctetText.of(consumer.name());
            case CONSUMER_GROUPS -> consumer == null ? "" : OctetText.of(consumer.groupsHeader());
            case CREDENTIAL_ID -> {
                var credential = exchange.credential();
                yield credential == null ? "" : credential.id();
            }
            case PLAN_NAME -> {
                Plan plan = exchange.plan();
                yield plan == null ? "" : OctetText.of(plan.name());
            }
            case ROUTE_NAME -> {
                Route route = exchange.route();
                yield route == null ? "" : OctetText.of(route.name());
            }
            case SERVICE_NAME -> {
                Upstream service = exchange.service();
                yield service == null ? "" : OctetText.of(service.name());
            }
        };
    }

    @Override
    public String header(String lowerCaseName) {
        HeadRewrite rewrite = exchange.headRewrite();
        if (rewrite != null && rewrite.hides(lowerCaseName, exchange)) {
            return "";
        }
        List<String> values = exchange.request().headers().getAll(lowerCaseName);
        return switch (values.size()) {
            case 0 -> "";
            case 1 -> values.get(0);
            default -> String.join(", ", values);
        };
    }

    @Override
    public String queryParameter(String name) {
        HeadRewrite rewrite = exchange.headRewrite();
        if (rewrite != null && rewrite.hidesParameter(name)) {
            return "";
        }
        String value = exchange.hasQuery() ? QueryString.valueOf(exchange.query(), name) : null;
        return value == null ? "" : value;
    }

    private String query() {
        HeadRewrite rewrite = exchange.headRewrite();
        return rewrite == null ? exchange.query() : rewrite.visibleQuery(exchange.query());
    }
}
