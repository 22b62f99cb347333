package io.tollgate.bench.engine;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialIndex;
import io.tollgate.engine.consumer.CredentialType;
import io.tollgate.engine.consumer.Identity;
import io.tollgate.engine.consumer.KeyHasher;
import io.tollgate.engine.consumer.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

/** Cost of finding a credential, of hashing its key, and of one changed key among many. One thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class CredentialIndexBench {
    private static final int SEED = 4711;

    /** Credentials in the index. */
    @Param({"1000", "1000000"})
    public int credentials;

    private final byte[][] digests = new byte[1024][];
    private final KeyHasher hasher = new KeyHasher(new byte[32]);
    private CredentialIndex index = CredentialIndex.EMPTY;
    private List<CredentialIndex.Entry> change = List.of();
    private int next;

    @Setup(Level.Trial)
    public void build() {
        Random random = new Random(SEED);
        Consumer consumer =
                new Consumer(new Identity("c", "c", 0, 0), true, List.of(), List.of(), Consumer.Overrides.NONE);
        List<CredentialIndex.Entry> entries = new ArrayList<>(credentials);
        for (int i = 0; i < credentials; i++) {
            byte[] digest = new byte[KeyHasher.DIGEST_BYTES];
            random.nextBytes(digest);
            entries.add(new CredentialIndex.Entry(
                    digest,
                    new Credential("k" + i, CredentialType.KEY, consumer, Long.MAX_VALUE, false, Terms.LIVE, 0, i)));
        }
        index = CredentialIndex.EMPTY.with(List.of(), entries);
        for (int i = 0; i < digests.length; i++) {
            digests[i] = entries.get(random.nextInt(credentials)).digest();
        }
        change = List.of(entries.get(0));
    }

    @Benchmark
    public @Nullable Credential find() {
        next = (next + 1) & (digests.length - 1);
        return index.find(digests[next]);
    }

    @Benchmark
    public byte[] digest() {
        return hasher.digest("tg_live_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG000000");
    }

    @Benchmark
    public CredentialIndex change() {
        return index.with(List.of(), change);
    }
}
