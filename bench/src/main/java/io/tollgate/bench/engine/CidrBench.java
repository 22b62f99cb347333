package io.tollgate.bench.engine;

import io.tollgate.engine.address.Network;
import io.tollgate.engine.address.NetworkTrie;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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

/** Cost of finding out whether an address is in one of many networks. One thread; addresses in an order that no branch predicts. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CidrBench {
    private static final int ADDRESSES = 4_096;
    private static final long SEED = 0x5eed;

    /** Networks, half of them IPv6; a policy has 1,024 at most in a rule. */
    @Param({"1", "16", "1024", "100000"})
    public int networks = 1;

    private final byte[][] inside = new byte[ADDRESSES][];
    private final byte[][] anywhere = new byte[ADDRESSES][];
    private NetworkTrie trie = NetworkTrie.of(List.of());
    private int next;

    @Setup(Level.Trial)
    public void build() {
        Random random = new Random(SEED);
        List<Network> all = new ArrayList<>(networks);
        List<byte[]> bases = new ArrayList<>(networks);
        for (int i = 0; i < networks; i++) {
            boolean v6 = i % 2 == 1;
            byte[] base = new byte[v6 ? 16 : 4];
            random.nextBytes(base);
            int bits = v6 ? 32 + 8 * random.nextInt(5) : 16 + 8 * random.nextInt(2);
            for (int octet = bits / 8; octet < base.length; octet++) {
                base[octet] = 0;
            }
            bases.add(base);
            all.add(Objects.requireNonNull(Network.parse(text(base) + "/" + bits)));
        }
        trie = NetworkTrie.of(all);
        for (int i = 0; i < ADDRESSES; i++) {
            byte[] base = bases.get(random.nextInt(networks)).clone();
            base[base.length - 1] = (byte) (base[base.length - 1] | 1);
            inside[i] = base;
            byte[] other = new byte[i % 2 == 1 ? 16 : 4];
            random.nextBytes(other);
            anywhere[i] = other;
        }
    }

    private static String text(byte[] address) {
        StringBuilder out = new StringBuilder();
        if (address.length == 4) {
            for (byte octet : address) {
                out.append(out.length() == 0 ? "" : ".").append(octet & 0xff);
            }
            return out.toString();
        }
        for (int i = 0; i < address.length; i += 2) {
            out.append(i == 0 ? "" : ":")
                    .append(Integer.toHexString(((address[i] & 0xff) << 8) | (address[i + 1] & 0xff)));
        }
        return out.toString();
    }

    @Benchmark
    public boolean inside() {
        next = (next + 1) % ADDRESSES;
        return trie.contains(inside[next]);
    }

    @Benchmark
    public boolean anywhere() {
        next = (next + 1) % ADDRESSES;
        return trie.contains(anywhere[next]);
    }
}
