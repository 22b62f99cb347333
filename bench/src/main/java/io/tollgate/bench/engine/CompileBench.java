package io.tollgate.bench.engine;

import com.google.protobuf.ByteString;
import io.tollgate.engine.compile.CompileResult;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.compile.ConfigurationCompiler;
import io.tollgate.engine.compile.WireConfiguration;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Consumer;
import io.tollgate.proto.config.v1.Credential;
import io.tollgate.proto.config.v1.Gateway;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.PathMatch;
import io.tollgate.proto.config.v1.PathMatchKind;
import io.tollgate.proto.config.v1.Plan;
import io.tollgate.proto.config.v1.Route;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.Subscription;
import io.tollgate.proto.config.v1.Target;
import io.tollgate.proto.config.v1.WhenUnmetered;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a change on the wire to a configuration that can be enforced, in a large house. Compile thread only. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
public class CompileBench {
    private static final int KEYS_PER_CONSUMER = 4;
    private static final int SEED = 4711;

    /** Credentials; a quarter as many consumers. */
    @Param({"10000", "1000000"})
    public int credentials;

    /** Routes. */
    @Param({"10", "1000", "10000", "50000"})
    public int routes;

    private final WireConfiguration wire = new WireConfiguration();
    private final ConfigurationCompiler compiler = new ConfigurationCompiler(new CounterTable(), new TargetTable());
    private final Random random = new Random(SEED);
    private @Nullable CompiledConfiguration current;
    private int turn;

    @Setup(Level.Trial)
    public void build() {
        List<Change> changes = new ArrayList<>();
        changes.add(put(
                ObjectKind.OBJECT_KIND_GATEWAY,
                id(0, 0),
                Gateway.newBuilder()
                        .setKeyDigestSecret(ByteString.copyFrom(new byte[32]))
                        .build()
                        .toByteString()));
        changes.add(service(1000));
        for (int i = 0; i < routes; i++) {
            changes.add(route(i, "/r" + i));
        }
        changes.add(put(
                ObjectKind.OBJECT_KIND_PLAN,
                id(4, 0),
                Plan.newBuilder()
                        .setId(id(4, 0))
                        .setName("gold")
                        .setEnabled(true)
                        .setAllRoutes(true)
                        .setWhenUnmetered(WhenUnmetered.WHEN_UNMETERED_REFUSE)
                        .build()
                        .toByteString()));
        for (int i = 0; i < credentials / KEYS_PER_CONSUMER; i++) {
            changes.add(put(
                    ObjectKind.OBJECT_KIND_CONSUMER,
                    id(5, i),
                    Consumer.newBuilder()
                            .setId(id(5, i))
                            .setName("c" + i)
                            .setEnabled(true)
                            .build()
                            .toByteString()));
            changes.add(put(
                    ObjectKind.OBJECT_KIND_SUBSCRIPTION,
                    id(7, i),
                    Subscription.newBuilder()
                            .setId(id(7, i))
                            .setConsumerId(id(5, i))
                            .setPlanId(id(4, 0))
                            .build()
                            .toByteString()));
        }
        for (int i = 0; i < credentials; i++) {
            changes.add(credential(i, false));
        }
        wire.apply(changes);
        compileNow(null);
    }

    @Benchmark
    public CompiledConfiguration changeKey() {
        turn++;
        wire.apply(List.of(credential(random.nextInt(credentials), turn % 2 == 0)));
        return compileNow(current);
    }

    @Benchmark
    public CompiledConfiguration changeTimeout() {
        turn++;
        wire.apply(List.of(service(1000 + turn % 1000)));
        return compileNow(current);
    }

    @Benchmark
    public CompiledConfiguration changeRoutePath() {
        turn++;
        wire.apply(List.of(route(random.nextInt(routes), "/turn" + turn)));
        return compileNow(current);
    }

    @Benchmark
    public CompiledConfiguration everything() {
        return compileNow(null);
    }

    private CompiledConfiguration compileNow(@Nullable CompiledConfiguration previous) {
        CompileResult result = compiler.compile(wire, 1, previous);
        if (!(result instanceof CompileResult.Compiled compiled)) {
            throw new IllegalStateException(result.toString());
        }
        current = compiled.configuration();
        return compiled.configuration();
    }

    private static Change service(int timeoutMillis) {
        return put(
                ObjectKind.OBJECT_KIND_SERVICE,
                id(1, 0),
                Service.newBuilder()
                        .setId(id(1, 0))
                        .setName("s")
                        .setEnabled(true)
                        .addTargets(Target.newBuilder()
                                .setHost("127.0.0.1")
                                .setPort(8000)
                                .setWeight(1))
                        .setConnectTimeoutMillis(1000)
                        .setResponseTimeoutMillis(timeoutMillis)
                        .setIdleTimeoutMillis(1000)
                        .build()
                        .toByteString());
    }

    private static Change route(int number, String path) {
        return put(
                ObjectKind.OBJECT_KIND_ROUTE,
                id(2, number),
                Route.newBuilder()
                        .setId(id(2, number))
                        .setName("r" + number)
                        .setEnabled(true)
                        .setServiceId(id(1, 0))
                        .addPaths(PathMatch.newBuilder()
                                .setKind(PathMatchKind.PATH_MATCH_KIND_PREFIX)
                                .setValue(path))
                        .build()
                        .toByteString());
    }

    private static Change credential(int number, boolean revoked) {
        Random digest = new Random(number);
        ByteBuffer bytes = ByteBuffer.allocate(32);
        while (bytes.hasRemaining()) {
            bytes.putLong(digest.nextLong());
        }
        return put(
                ObjectKind.OBJECT_KIND_CREDENTIAL,
                id(6, number),
                Credential.newBuilder()
                        .setId(id(6, number))
                        .setConsumerId(id(5, number / KEYS_PER_CONSUMER))
                        .setDigest(ByteString.copyFrom(bytes.array()))
                        .setRevoked(revoked)
                        .setPrefix("tg_live_Zk3q")
                        .build()
                        .toByteString());
    }

    private static Change put(ObjectKind kind, String id, ByteString object) {
        return Change.newBuilder().setKind(kind).setId(id).setObject(object).build();
    }

    private static String id(int kind, int number) {
        return new UUID(kind, number).toString();
    }
}
