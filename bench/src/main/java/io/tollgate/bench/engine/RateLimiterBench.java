package io.tollgate.bench.engine;

import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.quota.RateDecision;
import io.tollgate.engine.quota.RateLimit;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.engine.quota.RateSubject;
import io.tollgate.engine.quota.RateWindow;
import io.tollgate.engine.quota.Subject;
import io.tollgate.engine.quota.SubjectFacts;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Cost of one rate-limited request, by number of windows. Run with {@code -t 2} for two loops on one subject. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RateLimiterBench {
    private final CounterTable counters = new CounterTable();
    private final RateLimiter one = RateLimiter.of(
            new RateLimit("a", "one", RateSubject.DEFAULT, List.of(new RateWindow(1_000_000_000, 1, 1_000_000_000))),
            counters);
    private final RateLimiter three = RateLimiter.of(
            new RateLimit(
                    "b",
                    "three",
                    RateSubject.DEFAULT,
                    List.of(
                            new RateWindow(1_000_000_000, 1, 1_000_000_000),
                            new RateWindow(1_000_000_000, 60, 1_000_000_000),
                            new RateWindow(1_000_000_000, 3600, 1_000_000_000))),
            counters);
    private final RateLimiter spent = RateLimiter.of(
            new RateLimit("c", "spent", RateSubject.DEFAULT, List.of(new RateWindow(1, 86_400, 1))), counters);

    /** What each loop has for itself. */
    @State(Scope.Thread)
    public static class Loop implements SubjectFacts {
        private final RateDecision decision = new RateDecision();
        private final Subject subject = new Subject();
        private final byte[] address = {127, 0, 0, 1};

        @Override
        public String consumerId() {
            return "5f0c6a9e-6f0d-4c7e-9a55-6f1d3d1a2b3c";
        }

        @Override
        public String credentialId() {
            return "0b5e3a1c-7d42-4a5e-8a35-1c2d3e4f5a6b";
        }

        @Override
        public String planId() {
            return "";
        }

        @Override
        public String routeId() {
            return "";
        }

        @Override
        public byte[] clientAddressBytes() {
            return address;
        }

        @Override
        public @Nullable String requestHeader(String lowerCaseName) {
            return null;
        }
    }

    @Benchmark
    public boolean oneWindow(Loop loop) {
        return one.tryAcquire(loop, loop.subject, System.nanoTime(), loop.decision);
    }

    @Benchmark
    public boolean threeWindows(Loop loop) {
        return three.tryAcquire(loop, loop.subject, System.nanoTime(), loop.decision);
    }

    @Benchmark
    public boolean refused(Loop loop) {
        return spent.tryAcquire(loop, loop.subject, System.nanoTime(), loop.decision);
    }
}
