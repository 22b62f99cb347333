package io.tollgate.engine.explain;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.route.RouteMatch;
import io.tollgate.engine.template.TemplateFact;
import io.tollgate.engine.template.TemplateFacts;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What templates may ask of a described request. Immutable; what only a real call has (request id, client address, credential)
 * is empty.
 */
record DescribedFacts(
        DescribedRequest request,
        RouteMatch match,
        List<String> secretHeaders,
        List<String> secretParameters,
        @Nullable Consumer consumer,
        @Nullable Plan plan,
        String service)
        implements TemplateFacts {
    @Override
    public String parameter(String name) {
        for (int i = 0; i < match.parameterCount(); i++) {
            if (match.parameterName(i).equals(name)) {
                return match.parameterValue(i);
            }
        }
        return "";
    }

    @Override
    public String fact(TemplateFact fact) {
        return switch (fact) {
            case REQUEST_METHOD -> request.method();
            case REQUEST_SCHEME -> "http";
            case REQUEST_HOST -> request.host();
            case REQUEST_PATH -> request.path();
            case REQUEST_QUERY -> request.query();
            case CONSUMER_ID -> consumer == null ? "" : consumer.id();
            case CONSUMER_NAME -> consumer == null ? "" : consumer.name();
            case CONSUMER_GROUPS -> consumer == null ? "" : consumer.groupsHeader();
            case PLAN_NAME -> plan == null ? "" : plan.name();
            case ROUTE_NAME -> match.route().name();
            case SERVICE_NAME -> service;
            case REQUEST_ID, CLIENT_ADDRESS, CREDENTIAL_ID -> "";
        };
    }

    @Override
    public String header(String lowerCaseName) {
        return secretHeaders.contains(lowerCaseName)
                ? ""
                : Objects.requireNonNullElse(request.header(lowerCaseName), "");
    }

    @Override
    public String queryParameter(String name) {
        return secretParameters.contains(name) ? "" : Objects.requireNonNullElse(request.queryParameter(name), "");
    }
}
