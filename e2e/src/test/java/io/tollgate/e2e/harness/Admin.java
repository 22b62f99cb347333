package io.tollgate.e2e.harness;

import io.tollgate.admin.client.api.ConsumersApi;
import io.tollgate.admin.client.api.KeysApi;
import io.tollgate.admin.client.api.NodesApi;
import io.tollgate.admin.client.api.PlansApi;
import io.tollgate.admin.client.api.RoutesApi;
import io.tollgate.admin.client.api.ServicesApi;
import io.tollgate.admin.client.api.SubscriptionsApi;
import io.tollgate.admin.client.api.UsageApi;
import io.tollgate.admin.client.invoker.ApiClient;
import io.tollgate.admin.client.invoker.ApiException;
import io.tollgate.admin.client.invoker.ApiResponse;
import io.tollgate.admin.client.model.ApiConsumer;
import io.tollgate.admin.client.model.Key;
import io.tollgate.admin.client.model.KeyEnvironment;
import io.tollgate.admin.client.model.Node;
import io.tollgate.admin.client.model.PathMatch;
import io.tollgate.admin.client.model.PathMatchType;
import io.tollgate.admin.client.model.Plan;
import io.tollgate.admin.client.model.RateWindow;
import io.tollgate.admin.client.model.Route;
import io.tollgate.admin.client.model.Service;
import io.tollgate.admin.client.model.Subscription;
import io.tollgate.admin.client.model.Target;
import io.tollgate.admin.client.model.UsageDimension;
import io.tollgate.admin.client.model.UsageRow;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The generated client with a token, and the sentences that the tests speak. */
public final class Admin {
    /** The {@code Prefer} of a write that answers once every live node enforces it. */
    public static final String WAIT = "wait=20";

    private final ApiClient client = new ApiClient();
    private final OffsetDateTime since =
            OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES).minusMinutes(1);

    public Admin(String url, String token) {
        client.updateBaseUri(url);
        client.setReadTimeout(Duration.ofSeconds(40));
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    }

    public ServicesApi services() {
        return new ServicesApi(client);
    }

    public RoutesApi routes() {
        return new RoutesApi(client);
    }

    public PlansApi plans() {
        return new PlansApi(client);
    }

    public ConsumersApi consumers() {
        return new ConsumersApi(client);
    }

    public KeysApi keys() {
        return new KeysApi(client);
    }

    public SubscriptionsApi subscriptions() {
        return new SubscriptionsApi(client);
    }

    public NodesApi nodes() {
        return new NodesApi(client);
    }

    public UsageApi usage() {
        return new UsageApi(client);
    }

    public void service(String name, int port) throws ApiException {
        Service service = new Service()
                .name(name)
                .addTargetsItem(new Target().host("127.0.0.1").port(port));
        services().createService(service, null, null);
    }

    public static Route prefixRoute(String name, String service, String path) {
        return new Route()
                .name(name)
                .service(service)
                .addPathsItem(new PathMatch().type(PathMatchType.PREFIX).value(path));
    }

    /** A route by prefix, enforced everywhere when this returns. */
    public void route(String name, String service, String path) throws ApiException {
        routes().createRoute(prefixRoute(name, service, path), null, WAIT);
    }

    /** A plan for all routes. */
    public void plan(String name, RateWindow... limits) throws ApiException {
        plans().createPlan(new Plan().name(name).allRoutes(true).rateLimits(List.of(limits)), null, null);
    }

    /** A consumer with a subscription to the plan and one key, enforced everywhere when this returns; returns the key's secret. */
    public String subscriber(String name, String plan) throws ApiException {
        consumers().createConsumer(new ApiConsumer().name(name), null, null);
        subscriptions().createSubscription(name, new Subscription().plan(plan), null, null);
        Key key = keys().issueKey(name, new Key().name("first").environment(KeyEnvironment.LIVE), null, WAIT);
        String secret = key.getSecret();
        if (secret == null) {
            throw new AssertionError("no secret in " + key);
        }
        return secret;
    }

    /** Revokes a key; returns when every live node refuses it. */
    public ApiResponse<Void> revoke(String consumer, String key, @Nullable String prefer) throws ApiException {
        String etag = header(keys().getKeyWithHttpInfo(consumer, key), "ETag");
        return keys().revokeKeyWithHttpInfo(consumer, key, etag, prefer);
    }

    public static String header(ApiResponse<?> response, String name) {
        return response.getHeaders().entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(entry -> entry.getValue().get(0))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "no " + name + " in " + response.getHeaders().keySet()));
    }

    public Node node(String id) throws ApiException {
        return nodes().getNode(id);
    }

    /** Requests of a consumer by outcome class, as the ledger has them. */
    public Map<String, Long> usageOf(String consumer) throws ApiException {
        OffsetDateTime until = OffsetDateTime.now(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.MINUTES)
                .plusMinutes(2);
        Map<String, Long> counted = new TreeMap<>();
        List<UsageRow> rows = usage().getUsage(
                        since,
                        until,
                        null,
                        List.of(UsageDimension.OUTCOME_CLASS),
                        consumer,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)
                .getItems();
        for (UsageRow row : rows) {
            counted.merge(String.valueOf(row.getOutcomeClass()), row.getRequests(), Long::sum);
        }
        return counted;
    }
}
