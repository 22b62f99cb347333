package io.tollgate.node;

import com.sun.management.UnixOperatingSystemMXBean;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.compile.ConfigurationCompiler;
import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.quota.FailureTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.accesslog.AccessLog;
import io.tollgate.node.accesslog.LogSettings;
import io.tollgate.node.credential.Credentials;
import io.tollgate.node.dial.Backoff;
import io.tollgate.node.dial.JoinTokenSource;
import io.tollgate.node.dial.MembershipKeeper;
import io.tollgate.node.dial.StreamDialer;
import io.tollgate.node.discovery.DnsServers;
import io.tollgate.node.discovery.NameFollowers;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.RequestIds;
import io.tollgate.node.health.HealthChecks;
import io.tollgate.node.home.DiskKey;
import io.tollgate.node.home.HomeException;
import io.tollgate.node.home.NodeHome;
import io.tollgate.node.listener.AcceptGates;
import io.tollgate.node.listener.FrontDoor;
import io.tollgate.node.listener.Listeners;
import io.tollgate.node.listener.LoopParts;
import io.tollgate.node.listener.WarmUp;
import io.tollgate.node.ops.Operations;
import io.tollgate.node.ops.OperationsParts;
import io.tollgate.node.ops.SnapshotText;
import io.tollgate.node.pipeline.ActiveSnapshot;
import io.tollgate.node.pipeline.CompiledSnapshot;
import io.tollgate.node.pipeline.Revocation;
import io.tollgate.node.secure.TargetSecurity;
import io.tollgate.node.sync.ListenerStanding;
import io.tollgate.node.sync.NodeHello;
import io.tollgate.node.sync.Serving;
import io.tollgate.node.sync.SnapshotFile;
import io.tollgate.node.sync.SnapshotReplica;
import io.tollgate.node.sync.SnapshotWatch;
import io.tollgate.node.telemetry.LoopCounters;
import io.tollgate.node.telemetry.NodeMetrics;
import io.tollgate.node.tls.HandshakeCounters;
import io.tollgate.node.tls.ServerTlsTable;
import io.tollgate.node.tls.TlsStack;
import io.tollgate.node.trace.NodeIdentity;
import io.tollgate.node.trace.TraceSettings;
import io.tollgate.node.trace.Traces;
import io.tollgate.node.usage.JournalBounds;
import io.tollgate.node.usage.SegmentStore;
import io.tollgate.node.usage.UsageJournal;
import io.tollgate.node.usage.UsageReporter;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One data plane node: the only place that creates the objects which live as long as the process. Made and started by the main thread; stopped
 * by the hook of the process.
 */
final class Node {
    private static final Logger LOG = Logger.getLogger(Node.class.getName());
    private static final long START_SECONDS_MAX = 30;
    /** How long the first questions for names may take. */
    private static final long NAMES_MILLIS_MAX = 2_000;
    /** How long a configuration waits for its listeners to be open. */
    private static final long LISTEN_MILLIS_MAX = 1_000;
    /** How often a listener that could not be opened is tried again. */
    private static final long LISTEN_AGAIN_MILLIS = 2_000;
    /** How long the last usage may take to be acknowledged; what is not stays on disk for the next start. */
    private static final long LAST_USAGE_MILLIS_MAX = 5_000;

    private final Clock clock;
    private final NodeConfig config;
    private final NodeHome home;
    private final SecureRandom random = new SecureRandom();
    private final ActiveSnapshot active = new ActiveSnapshot();
    private final CountDownLatch published = new CountDownLatch(1);
    private final List<UsageJournal> journals = new ArrayList<>();
    private final List<LoopCounters> counters = new ArrayList<>();
    private final List<FrontDoor> doors = new CopyOnWriteArrayList<>();
    private volatile @Nullable Listeners listeners;
    private final AcceptGates gates = new AcceptGates(AcceptGates.connectionsMax(descriptorsMax()));
    private final Vertx vertx;
    private final @Nullable AccessLog accessLog;
    private final @Nullable Traces traces;
    private final @Nullable MembershipKeeper membership;
    private final UsageReporter reporter;
    private final SnapshotWatch watch;
    private final Operations operations;
    private final TargetTable targets = new TargetTable();
    private final FailureTable failures;
    private final CounterTable rateCounts = new CounterTable();
    private final HealthChecks checks;
    private final NameFollowers names;
    private final WarmUp warmUp = new WarmUp(doors);
    private final HandshakeCounters handshakes = new HandshakeCounters();
    private final TlsStack stack = TlsStack.choose();
    private final TargetSecurity security = new TargetSecurity(stack.provider());
    private final Credentials credentials;
    private final NodeMetrics metrics;
    private volatile String proxyAddress;
    private volatile String operationsAddress = "";

    Node(NodeConfig config, NodeHome home, Clock clock) throws IOException, ConfigException, HomeException {
        this.clock = clock;
        this.failures = new FailureTable(random.nextLong(), clock.nanos());
        this.config = config;
        this.home = home;
        // Where it will listen; a port of 0 is known only once it does.
        proxyAddress = config.proxyPort() == 0 ? "" : config.proxyHost() + ":" + config.proxyPort();
        vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(config.eventLoops())
                        .setAddressResolverOptions(DnsServers.resolverOptions(config.dnsServers())))
                .withTransport(gates.transport())
                .build();
        accessLog = accessLog(config.accessLog(), home.nodeId(), clock);
        TraceSettings traced = config.traces();
        traces = traced == null ? null : new Traces(traced, new NodeIdentity(home.nodeId(), version(), config.zone()));
        checks = new HealthChecks(vertx, clock);
        credentials = new Credentials(vertx, clock, home.issuerKeysDirectory());
        names = new NameFollowers((VertxInternal) vertx, config.dnsServers(), targets, this::onInstances);
        DiskKey given = config.diskKey();
        DiskKey diskKey = given == null ? home.diskKey(random) : given;
        membership = membership(diskKey);
        StreamDialer dialer = membership == null
                ? new StreamDialer(vertx, config.controlPlanes(), config.security())
                : membership.dialer();
        reporter = usage(dialer);
        watch = new SnapshotWatch(
                this::hello,
                dialer,
                new Backoff(random),
                new SnapshotReplica(new ConfigurationCompiler(rateCounts, targets, config.zone())),
                new SnapshotFile(home.snapshotPath(), diskKey),
                new Serving() {
                    @Override
                    public void serve(CompiledConfiguration configuration) {
                        publish(configuration);
                    }

                    @Override
                    public void revoke(long revision, List<UUID> ids) {
                        active.revoke(new Revocation(revision, ids));
                    }

                    @Override
                    public List<ListenerStanding> listeners() {
                        return standings();
                    }
                },
                InstantSource.system());
        credentials.newSubjects().tellTo(watch::tellNewSubject);
        metrics = metrics();
        operations = new Operations(
                vertx,
                new OperationsParts(
                        active,
                        clock,
                        metrics,
                        new SnapshotText(home.nodeId(), home.bootEpoch(), config.zone()),
                        credentials::keysOf));
    }

    /** Returns once it serves. */
    void start() throws IOException, HomeException, InterruptedException, ExecutionException, TimeoutException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        if (accessLog != null && accessLog.hasFile()) {
            Hangup.then(accessLog::reopen);
        }
        int operationsPort = listenOperations();
        operationsAddress = config.operationsHost() + ":" + operationsPort;
        boolean restored = watch.restore();
        MembershipKeeper member = membership;
        if (member != null) {
            member.start();
        }
        reporter.start();
        int proxyPort;
        if (restored) {
            // A node that can serve from its disk does so before it asks for news.
            published.await();
            proxyPort = listenProxy();
            watch.start();
        } else {
            watch.start();
            published.await();
            proxyPort = listenProxy();
        }
        operations.serving();
        System.out.println("{\"event\":\"listening\",\"proxy_port\":" + proxyPort + ",\"operations_port\":"
                + operationsPort + ",\"node_id\":\"" + home.nodeId() + "\"}");
        System.out.flush();
    }

    /** Where the operating system does not tell, as on Windows, no bound follows from it. */
    private static long descriptorsMax() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /** Null where the streams are guarded by a shared token and PEM files. */
    private @Nullable MembershipKeeper membership(DiskKey diskKey) throws IOException {
        JoinTokenSource tokens = config.joinToken();
        return tokens == null
                ? null
                : MembershipKeeper.open(
                        vertx,
                        config.controlPlanes(),
                        new MembershipKeeper.Place(home.nodeId(), home.membershipPath(), diskKey),
                        tokens,
                        random,
                        InstantSource.system());
    }

    private UsageReporter usage(StreamDialer dialer) throws IOException {
        JournalBounds bounds = JournalBounds.of(config.eventLoops(), config.journalBytesMax());
        SegmentStore store = SegmentStore.open(home.journalDirectory(), home.nodeId(), home.bootEpoch(), bounds);
        for (int loop = 0; loop < config.eventLoops(); loop++) {
            journals.add(new UsageJournal(store, bounds));
            counters.add(new LoopCounters(config.routeHistograms()));
        }
        return new UsageReporter(store, journals, dialer, new Backoff(random), InstantSource.system());
    }

    private NodeMetrics metrics() {
        return new NodeFigures(new NodeMetrics(counters), clock)
                .connections(gates)
                .configuration(active, watch)
                .membership(membership)
                .limits(failures, rateCounts)
                .handshakes(handshakes, stack)
                .listeners(this::standings)
                .usage(reporter, journals)
                .credentials(credentials.figures())
                .accessLog(accessLog)
                .traces(traces)
                .metrics();
    }

    private ServerTlsTable tls() {
        LOG.info("event=tls-stack name=" + stack.word() + " detail=\"" + stack.detail() + '"');
        return new ServerTlsTable(stack, handshakes, clock::epochMillis);
    }

    private static String version() {
        String version = Node.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private NodeHello hello() {
        return new NodeHello(
                home.nodeId(), home.bootEpoch(), config.zone(), version(), proxyAddress, operationsAddress);
    }

    private void publish(CompiledConfiguration configuration) {
        security.prepare(configuration.upstreams().values());
        credentials.follow(configuration);
        active.publish(CompiledSnapshot.of(configuration, credentials, active.get(), clock.epochMillis()));
        credentials.newSubjects().served(configuration);
        Collection<Upstream> upstreams = configuration.upstreams().values();
        Future<Void> namesAsked = names.adopt(upstreams);
        onInstances(upstreams);
        metrics.services(upstreams, clock);
        metrics.certificates(configuration.certificates().values());
        listenByConfiguration();
        if (published.getCount() > 0) {
            // The first calls find the instances of names, unless their servers are silent.
            namesAsked.timeout(NAMES_MILLIS_MAX, TimeUnit.MILLISECONDS).onComplete(asked -> published.countDown());
        }
    }

    /**
     * Listens where the configuration says before it is acknowledged: who waited for that may call there. Not for long: an
     * address that is not to be had must not keep the next configuration out.
     */
    private synchronized void listenByConfiguration() {
        Listeners open = listeners;
        CompiledSnapshot newest = active.get();
        if (open == null || newest == null) {
            return;
        }
        open.prove(newest.configuration().acmeAnswers().certificates());
        CountDownLatch done = new CountDownLatch(1);
        open.adopt(newest.configuration().listeners()).onComplete(adopted -> done.countDown());
        try {
            if (!done.await(LISTEN_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                LOG.warning("event=listeners-slow");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ListenerStanding> standings() {
        Listeners open = listeners;
        return open == null
                ? List.of()
                : open.states().stream()
                        .map(state -> new ListenerStanding(state.rules().id(), state.failure()))
                        .toList();
    }

    /** These services have other instances now. */
    private void onInstances(Collection<Upstream> upstreams) {
        checks.adopt(upstreams);
        warmUp.start(upstreams);
    }

    private int listenOperations() throws HomeException, InterruptedException, ExecutionException, TimeoutException {
        PortProbe.requireFree("TOLLGATE_OPERATIONS", config.operationsHost(), config.operationsPort());
        return await(operations.listen(config.operationsPort(), config.operationsHost()), START_SECONDS_MAX);
    }

    private int listenProxy() throws InterruptedException, ExecutionException, TimeoutException {
        for (int loop = 0; loop < config.eventLoops(); loop++) {
            UsageJournal journal = journals.get(loop);
            LoopParts parts = new LoopParts(
                    clock,
                    active,
                    journal,
                    counters.get(loop),
                    accessLog,
                    journal::tick,
                    new RequestIds(config.requestIds(), random.nextLong()),
                    security,
                    traces,
                    gates,
                    failures);
            doors.add(new FrontDoor(parts));
        }
        // One deployment of many instances: Vert.x gives each its own event loop in turn.
        Iterator<FrontDoor> next = doors.iterator();
        Future<String> deployed = vertx.deployVerticle(
                () -> (Deployable) next.next(), new DeploymentOptions().setInstances(config.eventLoops()));
        await(deployed, START_SECONDS_MAX);
        Listeners opened = new Listeners(doors, ListenerRules.own(config.proxyHost(), config.proxyPort()), tls());
        await(opened.open(), START_SECONDS_MAX);
        int port = doors.get(0).actualPort();
        proxyAddress = config.proxyHost() + ":" + port;
        listeners = opened;
        listenByConfiguration();
        vertx.setPeriodic(LISTEN_AGAIN_MILLIS, again -> opened.retry());
        return port;
    }

    /** The end: no new calls, those in flight finish, the usage goes out, status 0. Runs as the JVM's shutdown hook. */
    private void stop() {
        operations.draining();
        try {
            drainCalls();
            int left = reporter.drain(LAST_USAGE_MILLIS_MAX);
            if (left > 0) {
                LOG.info("event=stopped segments_left=" + left);
            }
            watch.stop();
            MembershipKeeper member = membership;
            if (member != null) {
                member.stop();
            }
            AccessLog log = accessLog;
            if (log != null) {
                log.close();
            }
            Traces traced = traces;
            if (traced != null) {
                traced.close();
            }
        } catch (InterruptedException | ExecutionException | TimeoutException | RuntimeException e) {
            LOG.log(Level.WARNING, "event=stop-incomplete", e);
        }
        // A hook cannot change the status of a JVM that ends by a signal; an orderly end is no failure.
        Runtime.getRuntime().halt(0);
    }

    private void drainCalls() throws InterruptedException, ExecutionException, TimeoutException {
        long drainMillis = TimeUnit.SECONDS.toMillis(config.drainSeconds());
        Listeners open = listeners;
        if (open != null) {
            open.close();
        }
        List<Future<Void>> drained =
                doors.stream().map(door -> door.drain(drainMillis)).toList();
        await(Future.join(drained), config.drainSeconds() + START_SECONDS_MAX);
        for (int loop = 0; loop < doors.size(); loop++) {
            await(doors.get(loop).onLoop(journals.get(loop)::seal), START_SECONDS_MAX);
        }
    }

    private static <T> T await(Future<T> future, long seconds)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    }

    private static @Nullable AccessLog accessLog(@Nullable LogSettings settings, String nodeId, Clock clock)
            throws ConfigException {
        if (settings == null) {
            return null;
        }
        try {
            return new AccessLog(settings, settings.destination().open(nodeId, clock));
        } catch (IOException e) {
            throw new ConfigException("TOLLGATE_ACCESS_LOG " + e.getMessage() + " cannot be written: "
                    + e.getClass().getSimpleName() + " (expected: a file that this user may write, or another place)");
        }
    }
}
