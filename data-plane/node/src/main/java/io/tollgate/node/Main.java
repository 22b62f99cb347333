package io.tollgate.node;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.Tags;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.compile.ConfigurationCompiler;
import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.quota.FailureTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.accesslog.AccessLog;
import io.tollgate.node.accesslog.DropReason;
import io.tollgate.node.accesslog.LogSettings;
import io.tollgate.node.credential.CredentialFigures;
import io.tollgate.node.credential.Credentials;
import io.tollgate.node.dial.Backoff;
import io.tollgate.node.dial.JoinTokenSource;
import io.tollgate.node.dial.Membership;
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
import java.io.PrintStream;
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
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts one data plane node: the only place that creates the objects which live as long as the process. */
public final class Main {
    private static final Logger LOG = Logger.getLogger(Main.class.getName());
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_CONFIGURATION = 2;
    private static final long START_SECONDS_MAX = 30;
    /** How long the first questions for names may take. */
    private static final long NAMES_MILLIS_MAX = 2_000;
    /** How long a configuration waits for its listeners to be open. */
    private static final long LISTEN_MILLIS_MAX = 1_000;
    /** How often a listener that could not be opened is tried again. */
    private static final long LISTEN_AGAIN_MILLIS = 2_000;
    /** How long the last usage may take to be acknowledged; what is not stays on disk for the next start. */
    private static final long LAST_USAGE_MILLIS_MAX = 5_000;

    private static final Clock CLOCK = new Clock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }
    };

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
    private final FailureTable failures = new FailureTable(random.nextLong(), CLOCK.nanos());
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

    private Main(NodeConfig config, NodeHome home) throws IOException, ConfigException, HomeException {
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
        accessLog = accessLog(config.accessLog(), home.nodeId());
        TraceSettings traced = config.traces();
        traces = traced == null ? null : new Traces(traced, new NodeIdentity(home.nodeId(), version(), config.zone()));
        checks = new HealthChecks(vertx, CLOCK);
        credentials = new Credentials(vertx, CLOCK, home.issuerKeysDirectory());
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
                        active, CLOCK, metrics, new SnapshotText(home.nodeId(), home.bootEpoch(), config.zone())));
    }

    /** Starts the node of the environment; returns once it serves. */
    public static void main(String[] arguments) {
        // A length beside a transfer coding is no request (RFC 9112, 6.3); the decoder asks for this once.
        System.setProperty("io.netty.handler.codec.http.rfc9112TransferEncoding", "true");
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s %5$s%6$s%n");
        try {
            NodeConfig config =
                    NodeConfig.parse(System.getenv(), Runtime.getRuntime().availableProcessors());
            // Asked before anything else, since the port itself is opened only once there is a configuration.
            PortProbe.requireFree("TOLLGATE_PROXY", config.proxyHost(), config.proxyPort());
            NodeHome home = NodeHome.open(
                    config.home(),
                    config.nodeId(),
                    TimeUnit.MILLISECONDS.toSeconds(CLOCK.epochMillis()),
                    new SecureRandom());
            new Main(config, home).start();
        } catch (ConfigException | IllegalArgumentException e) {
            LOG.log(Level.FINE, "event=start-failed", e);
            fail(e.getMessage(), EXIT_CONFIGURATION);
        } catch (HomeException e) {
            fail(e.getMessage(), EXIT_FAILED);
        } catch (IOException | RuntimeException | ExecutionException | TimeoutException e) {
            LOG.log(Level.FINE, "event=start-failed", e);
            fail(lastCause(e), EXIT_FAILED);
        } catch (InterruptedException e) {
            fail("interrupted while starting", EXIT_FAILED);
        }
    }

    private void start() throws IOException, HomeException, InterruptedException, ExecutionException, TimeoutException {
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

    private static void introspections(NodeMetrics figures, String outcome, Supplier<Number> count) {
        figures.counter("tollgate.introspections", "Questions about tokens", Tags.of("outcome", outcome), count);
    }

    private NodeMetrics metrics() {
        NodeMetrics figures = new NodeMetrics(counters);
        figures.refusals(gates::refusals);
        figures.gauge("tollgate.client.connections.max", "Connections that the node may hold", gates::connectionsMax);
        figures.gauge("tollgate.client.connections.accepted", "Connections open, handshakes too", gates::open);
        figures.counter("tollgate.accept.pauses", "Times that the node was full and accepted nothing", gates::pauses);
        figures.gauge("tollgate.snapshot.revision", "Revision that is served", () -> {
            CompiledSnapshot snapshot = active.get();
            return snapshot == null ? 0 : snapshot.revision();
        });
        figures.counter(
                "tollgate.credential.failures",
                "Bad credentials that were counted for where they came from",
                failures::counted);
        figures.counter(
                "tollgate.rate.limit.places.taken.over",
                "Callers that a rate limit had no free place for, so that they owe what another one owed",
                rateCounts::takenOver);
        figures.gauge("tollgate.snapshot.age.seconds", "Since the served revision was published here", () -> {
            CompiledSnapshot snapshot = active.get();
            return snapshot == null ? 0 : (CLOCK.epochMillis() - snapshot.publishedAtMillis()) / 1e3;
        });
        figures.gauge(
                "tollgate.snapshot.durable.revision",
                "Revision on disk",
                () -> watch.figures().durableRevision());
        figures.gauge(
                "tollgate.control.connected",
                "1 while the configuration stream is open",
                () -> watch.figures().peer() == null ? 0 : 1);
        MembershipKeeper member = membership;
        if (member != null) {
            figures.gauge("tollgate.stream.certificate.not.after.seconds", "End of this node's own certificate", () -> {
                Membership held = member.current();
                return held == null ? 0 : held.notAfterMillis() / 1e3;
            });
        }
        figures.counter(
                "tollgate.updates.refused",
                "Configuration updates refused",
                () -> watch.figures().updatesRefused());
        for (HandshakeCounters.End end : HandshakeCounters.End.values()) {
            figures.counter(
                    "tollgate.tls.handshakes",
                    "TLS handshakes with clients that ended",
                    Tags.of("outcome", end.outcome(), "version", end.version(), "stack", stack.word()),
                    () -> handshakes.count(end));
        }
        figures.gauge(
                "tollgate.listeners.failed",
                "Listeners of the configuration that cannot be opened",
                () -> standings().stream()
                        .filter(standing -> !standing.listening())
                        .count());
        figures.gauge(
                "tollgate.journal.segments.waiting",
                "Sealed segments without a receipt",
                () -> reporter.figures().segmentsWaiting());
        figures.gauge(
                "tollgate.journal.bytes",
                "Disk that the journal takes",
                () -> reporter.figures().journalBytes());
        figures.gauge("tollgate.journal.oldest.seconds", "Age of the oldest segment without a receipt", () -> {
            long sealedAtMillis = reporter.figures().oldestSealedAtMillis();
            return sealedAtMillis == 0 ? 0 : (CLOCK.epochMillis() - sealedAtMillis) / 1e3;
        });
        figures.counter(
                "tollgate.usage.batches.counted",
                "Batches in the ledger",
                () -> reporter.figures().batchesCounted());
        figures.counter(
                "tollgate.usage.batches.refused",
                "Batches set aside",
                () -> reporter.figures().batchesRefused());
        figures.counter(
                "tollgate.unmetered.requests",
                "Calls served without being metered",
                () -> journals.stream().mapToLong(UsageJournal::unmeteredTotal).sum());
        CredentialFigures checked = credentials.figures();
        figures.gauge("tollgate.credential.checks.waiting", "Checks of credentials that wait", checked::checksWaiting);
        figures.counter(
                "tollgate.credential.checks.refused",
                "Checks of credentials that were not made, since too many waited",
                checked::checksRefused);
        figures.gauge("tollgate.tokens.cached", "Good tokens that are remembered", checked::goodTokens);
        figures.gauge("tollgate.tokens.bad.cached", "Bad tokens that are remembered", checked::badTokens);
        figures.gauge("tollgate.passwords.cached", "Right passwords that are remembered", checked::goodPasswords);
        figures.counter(
                "tollgate.jwks.fetches", "Fetches of issuers' keys", Tags.of("outcome", "success"), checked::fetches);
        figures.counter(
                "tollgate.jwks.fetches",
                "Fetches of issuers' keys",
                Tags.of("outcome", "failure"),
                checked::fetchFailures);
        figures.gauge("tollgate.jwks.missing", "Issuers whose keys are not there", checked::issuersWithoutKeys);
        figures.gauge("tollgate.jwks.age.seconds", "Age of the oldest fetched keys", checked::oldestSeconds);
        figures.gauge("tollgate.introspection.asked", "Questions about tokens on their way", checked::questionsAsked);
        introspections(figures, "active", checked::activeAnswers);
        introspections(figures, "inactive", checked::inactiveAnswers);
        introspections(figures, "failure", checked::failedQuestions);
        introspections(figures, "refused", checked::refusedQuestions);
        AccessLog log = accessLog;
        if (log != null) {
            figures.counter("tollgate.access.log.written", "Lines that their destination took", log::written);
            for (DropReason reason : DropReason.values()) {
                figures.counter(
                        "tollgate.access.log.dropped",
                        "Lines that the access log lost",
                        Tags.of("reason", reason.word()),
                        () -> log.dropped(reason));
            }
        }
        Traces traced = traces;
        if (traced != null) {
            figures.counter(
                    "tollgate.trace.spans.exported",
                    "Spans that the collector took",
                    () -> traced.figures().exported());
            figures.counter(
                    "tollgate.trace.spans.failed",
                    "Spans that were sent and not taken",
                    () -> traced.figures().failed());
            figures.counter(
                    "tollgate.trace.spans.dropped",
                    "Spans that never left, since the queue was full",
                    () -> traced.figures().dropped());
        }
        return figures;
    }

    private ServerTlsTable tls() {
        LOG.info("event=tls-stack name=" + stack.word() + " detail=\"" + stack.detail() + '"');
        return new ServerTlsTable(stack, handshakes, CLOCK::epochMillis);
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private NodeHello hello() {
        return new NodeHello(
                home.nodeId(), home.bootEpoch(), config.zone(), version(), proxyAddress, operationsAddress);
    }

    private void publish(CompiledConfiguration configuration) {
        security.prepare(configuration.upstreams().values());
        credentials.follow(configuration);
        active.publish(CompiledSnapshot.of(configuration, credentials, active.get(), CLOCK.epochMillis()));
        credentials.newSubjects().served(configuration);
        Collection<Upstream> upstreams = configuration.upstreams().values();
        Future<Void> namesAsked = names.adopt(upstreams);
        onInstances(upstreams);
        metrics.services(upstreams, CLOCK);
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
                    CLOCK,
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

    private static @Nullable AccessLog accessLog(@Nullable LogSettings settings, String nodeId) throws ConfigException {
        if (settings == null) {
            return null;
        }
        try {
            return new AccessLog(settings, settings.destination().open(nodeId, CLOCK));
        } catch (IOException e) {
            throw new ConfigException("TOLLGATE_ACCESS_LOG " + e.getMessage() + " cannot be written: "
                    + e.getClass().getSimpleName() + " (expected: a file that this user may write, or another place)");
        }
    }

    private static String lastCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : cause.getClass().getSimpleName() + ": " + message;
    }

    private static void fail(@Nullable String reason, int status) {
        PrintStream errors = System.err;
        errors.println("tollgate-node: " + (reason == null ? "cannot start" : reason.replace('\n', ' ')));
        errors.flush();
        Runtime.getRuntime().halt(status);
    }
}
