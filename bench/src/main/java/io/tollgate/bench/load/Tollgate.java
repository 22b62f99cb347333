package io.tollgate.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.admin.client.api.CertificatesApi;
import io.tollgate.admin.client.api.ConsumersApi;
import io.tollgate.admin.client.api.KeysApi;
import io.tollgate.admin.client.api.ListenersApi;
import io.tollgate.admin.client.api.PlansApi;
import io.tollgate.admin.client.api.PoliciesApi;
import io.tollgate.admin.client.api.RoutesApi;
import io.tollgate.admin.client.api.ServicesApi;
import io.tollgate.admin.client.api.SubscriptionsApi;
import io.tollgate.admin.client.invoker.ApiClient;
import io.tollgate.admin.client.invoker.ApiException;
import io.tollgate.admin.client.model.ApiConsumer;
import io.tollgate.admin.client.model.Attachment;
import io.tollgate.admin.client.model.Certificate;
import io.tollgate.admin.client.model.Key;
import io.tollgate.admin.client.model.KeyAuth;
import io.tollgate.admin.client.model.Listener;
import io.tollgate.admin.client.model.ListenerTls;
import io.tollgate.admin.client.model.PathMatch;
import io.tollgate.admin.client.model.PathMatchType;
import io.tollgate.admin.client.model.Plan;
import io.tollgate.admin.client.model.Policy;
import io.tollgate.admin.client.model.PolicyType;
import io.tollgate.admin.client.model.RateWindow;
import io.tollgate.admin.client.model.Route;
import io.tollgate.admin.client.model.Service;
import io.tollgate.admin.client.model.Subscription;
import io.tollgate.admin.client.model.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The real three processes, configured over the admin API with two routes: {@code /pets} wants a key, is limited and metered; the prefix
 * {@code /open} lets anyone pass. One thread.
 */
final class Tollgate implements AutoCloseable {
    private static final String WAIT = "wait=20";
    private static final int REQUESTS_PER_SECOND = 1_000_000;

    private final Path root;
    private final Path folder;
    private final Cores cores;
    private final int adminPort;
    private final int streamPort;
    private BenchProcess controlPlane;
    private final BenchProcess upstream;
    private final BenchProcess node;
    private final List<String> options;
    private final ApiClient client;
    private final int upstreamPort;
    private final int proxyPort;
    private final long controlPlaneStartMillis;
    private final long nodeStartMillis;

    private int moreNodes;

    private Tollgate(Path root, Path folder, Cores cores, List<String> options) throws IOException {
        this.root = root;
        this.folder = folder;
        this.cores = cores;
        this.options = options;
        String java = java();
        long startedNanos = System.nanoTime();
        Path home = home();
        controlPlane = controlPlane(0, 0);
        JsonNode listening = controlPlane.awaitListening();
        adminPort = listening.get("admin_port").asInt();
        streamPort = listening.get("stream_port").asInt();
        controlPlaneStartMillis = (System.nanoTime() - startedNanos) / 1_000_000;
        upstream = BenchProcess.start(
                "upstream",
                cores.rest(List.of(
                        java,
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        root.resolve("e2e/target/e2e/tollgate-e2e.jar").toString(),
                        "io.tollgate.e2e.upstream.SampleUpstream")),
                Map.of("TOLLGATE_UPSTREAM_PORT", "0"),
                folder);
        upstreamPort = upstream.awaitListening().get("upstream_port").asInt();
        String token = Files.readString(home.resolve("admin-token")).trim();
        client = new ApiClient();
        client.updateBaseUri("http://127.0.0.1:" + adminPort);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        startedNanos = System.nanoTime();
        node = node("node", Map.of());
        proxyPort = node.awaitListening().get("proxy_port").asInt();
        nodeStartMillis = (System.nanoTime() - startedNanos) / 1_000_000;
    }

    private BenchProcess node(String name, Map<String, String> more) throws IOException {
        List<String> rest = new ArrayList<>(options);
        rest.addAll(List.of(
                "-jar",
                root.resolve("data-plane/node/target/node/tollgate-node.jar").toString()));
        Map<String, String> environment = new HashMap<>(Map.of(
                "TOLLGATE_HOME",
                folder.resolve(name).toString(),
                "TOLLGATE_NODE_ID",
                name,
                "TOLLGATE_CONTROL_PLANE",
                "127.0.0.1:" + streamPort,
                "TOLLGATE_JOIN_TOKEN_FILE",
                home().resolve("join-token").toString(),
                "TOLLGATE_PROXY_HOST",
                "127.0.0.1",
                "TOLLGATE_PROXY_PORT",
                "0",
                "TOLLGATE_OPERATIONS_PORT",
                "0",
                "TOLLGATE_EVENT_LOOPS",
                "1"));
        environment.putAll(more);
        return BenchProcess.start(
                name,
                cores.proxy(command(java(), root.resolve("data-plane/node/jvm.options"), rest.toArray(String[]::new))),
                environment,
                folder);
    }

    /** One more node of the same configuration, which it has when it listens; whoever wants it ends it. */
    record MoreNode(BenchProcess process, int proxyPort) {}

    /** Starts another node with these keys beside the usual ones. */
    MoreNode addNode(Map<String, String> environment) throws IOException {
        BenchProcess more = node("node-" + ++moreNodes, environment);
        return new MoreNode(more, more.awaitListening().get("proxy_port").asInt());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private Path home() {
        return folder.resolve("control-plane");
    }

    private BenchProcess controlPlane(int admin, int stream) throws IOException {
        List<String> rest = new ArrayList<>(options);
        rest.addAll(List.of(
                "-jar",
                root.resolve("control-plane/target/quarkus-app/quarkus-run.jar").toString()));
        return BenchProcess.start(
                "control-plane",
                cores.rest(command(java(), root.resolve("control-plane/jvm.options"), rest.toArray(String[]::new))),
                Map.of(
                        "TOLLGATE_HOME", home().toString(),
                        "TOLLGATE_ADMIN_PORT", Integer.toString(admin),
                        "TOLLGATE_STREAM_PORT", Integer.toString(stream)),
                folder);
    }

    /**
     * Puts routes {@code rN} by the prefix {@code /r/N} to the upstream's {@code /pets} into the database, where the admin API would take
     * minutes to, and starts the control plane again over them.
     */
    void fill(int from, int to) throws IOException, SQLException {
        behind(
                "insert into route (id, name, enabled, service_id, hosts, paths, methods, rewrite, version,"
                        + " created_at, updated_at, settings) select gen_random_uuid(), 'r' || i, true, service.id, '{}',"
                        + " jsonb_build_array(jsonb_build_object('type', 'prefix', 'value', '/r/' || i)), '{}',"
                        + " '{\"replace_full\": \"/pets\"}', 1, now(), now(), '{}'"
                        + " from service, generate_series(" + from + ", " + (to - 1)
                        + ") i where service.name = 'sample'",
                "insert into route_uses_service (route_id, service_id) select id, service_id from route"
                        + " where service_id is not null on conflict do nothing");
    }

    /** The same with API keys by number, which nobody knows. */
    void fillKeys(int from, int to) throws IOException, SQLException {
        behind("insert into credential (id, consumer_id, name, environment, digest, prefix, version, created_at,"
                + " updated_at) select gen_random_uuid(), consumer.id, 'filled-' || i, 'live', sha256(i::text::bytea),"
                + " 'tg_live_fill', 1, now(), now() from consumer, generate_series(" + from + ", " + to
                + ") i where consumer.name = 'acme'");
    }

    /** Works on the database behind the control plane's back, and starts it again. */
    private void behind(String... statements) throws IOException, SQLException {
        Path data = home().resolve("postgresql").resolve("data");
        String port = Files.readAllLines(data.resolve("postmaster.pid")).get(3).strip();
        String password =
                Files.readString(home().resolve("postgresql-password")).strip();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/tollgate", "postgres", password);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        controlPlane.close();
        controlPlane = controlPlane(adminPort, streamPort);
        controlPlane.awaitListening();
    }

    static Tollgate start(Path root, Path folder, Cores cores) throws IOException {
        return start(root, folder, cores, List.of());
    }

    /** @param options of the JVMs of control plane and nodes beside their own */
    static Tollgate start(Path root, Path folder, Cores cores, List<String> options) throws IOException {
        return new Tollgate(root, folder, cores, options);
    }

    private static List<String> command(String java, Path options, String... rest) {
        List<String> command = new ArrayList<>(List.of(java, "@" + options));
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of(rest));
        return command;
    }

    /** Creates the catalog of the bench and gives back the secret of its first key. */
    String configure() throws ApiException {
        new ServicesApi(client)
                .createService(
                        new Service()
                                .name("sample")
                                .targets(List.of(new Target().host("127.0.0.1").port(upstreamPort))),
                        null,
                        null);
        RoutesApi routes = new RoutesApi(client);
        routes.createRoute(route("pets", PathMatchType.PREFIX, "/pets"), null, null);
        routes.createRoute(
                route("open", PathMatchType.PREFIX, "/open")
                        .rewrite(new io.tollgate.admin.client.model.PathRewrite().replacePrefix("/")),
                null,
                null);
        new PoliciesApi(client)
                .createPolicy(
                        new Policy()
                                .name("open")
                                .type(PolicyType.KEY_AUTH)
                                .attachment(new Attachment().route("open"))
                                .keyAuth(new KeyAuth().anonymousAllowed(true)),
                        null,
                        null);
        new PlansApi(client)
                .createPlan(
                        new Plan()
                                .name("gold")
                                .allRoutes(true)
                                .rateLimits(List.of(new RateWindow()
                                        .requests(REQUESTS_PER_SECOND)
                                        .windowSeconds(1))),
                        null,
                        null);
        new ConsumersApi(client).createConsumer(new ApiConsumer().name("acme"), null, null);
        new SubscriptionsApi(client).createSubscription("acme", new Subscription().plan("gold"), null, null);
        return issueKey("bench", WAIT);
    }

    /** A listener of TLS that shows this certificate; its port. */
    int listenWithTls(String name, SelfSigned certificate) throws ApiException, IOException {
        new CertificatesApi(client)
                .createCertificate(
                        new Certificate()
                                .name(name)
                                .certificateChain(certificate.chain())
                                .privateKey(certificate.key()),
                        null,
                        null);
        int port = LoadBench.freePort();
        new ListenersApi(client)
                .createListener(
                        new Listener()
                                .name(name)
                                .address("127.0.0.1")
                                .port(port)
                                .tls(new ListenerTls().certificates(List.of(name))),
                        null,
                        WAIT);
        return port;
    }

    private static Route route(String name, PathMatchType type, String value) {
        return new Route()
                .name(name)
                .service("sample")
                .paths(List.of(new PathMatch().type(type).value(value)));
    }

    /** The version of the route that is stored now. */
    String routeVersion(String name) throws ApiException {
        return Objects.requireNonNull(new RoutesApi(client)
                        .getRouteWithHttpInfo(name)
                        .getHeaders()
                        .get("etag"))
                .get(0);
    }

    /** Another path for the route; answers as soon as that is stored. */
    void moveRoute(String name, String version, String path) throws ApiException {
        new RoutesApi(client).putRoute(name, toPets(name, path), version, null);
    }

    private static Route toPets(String name, String path) {
        return route(name, PathMatchType.PREFIX, path)
                .rewrite(new io.tollgate.admin.client.model.PathRewrite().replaceFull("/pets"));
    }

    /** Issues one more key; with {@code prefer} null it answers as soon as the key is stored. */
    String issueKey(String name, @org.jspecify.annotations.Nullable String prefer) throws ApiException {
        return new KeysApi(client)
                .issueKey("acme", new Key().name(name), null, prefer)
                .getSecret();
    }

    BenchProcess node() {
        return node;
    }

    BenchProcess controlPlane() {
        return controlPlane;
    }

    int upstreamPort() {
        return upstreamPort;
    }

    int proxyPort() {
        return proxyPort;
    }

    long controlPlaneStartMillis() {
        return controlPlaneStartMillis;
    }

    long nodeStartMillis() {
        return nodeStartMillis;
    }

    @Override
    public void close() {
        node.close();
        upstream.close();
        controlPlane.close();
    }
}
