package io.tollgate.bench.engine;

import io.tollgate.engine.expression.Expression;
import io.tollgate.engine.expression.ExpressionFacts;
import java.util.List;
import java.util.Map;
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

/** Cost of asking an expression, and of compiling one. One thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CelBench {
    private static final Map<String, String> TEXTS = Map.of(
            "method", "request.method == 'GET'",
            "usual",
                    "request.path.startsWith('/orders/') && 'x-tenant' in request.headers"
                            + " && request.headers['x-tenant'] == 'blue' && 'partners' in consumer.groups",
            "loop", "credential.scopes.exists(s, s == 'orders.admin')",
            "pattern", "request.path.matches('^/orders/[0-9]+/lines/[0-9]+$')",
            "claims", "has(token.claims.org) && token.claims.org.roles.exists(r, r == 'admin')");

    /** Which of the texts above. */
    @Param({"method", "usual", "loop", "pattern", "claims"})
    public String kind = "method";

    private final Call call = new Call();
    private String text = "";
    private @Nullable Expression expression;

    @Setup(Level.Trial)
    public void build() throws Exception {
        text = TEXTS.getOrDefault(kind, "");
        expression = compiled();
    }

    @Benchmark
    public Expression.Answer asked() {
        Expression known = expression;
        return known == null ? Expression.Answer.FAILED : known.test(call);
    }

    @Benchmark
    public Expression compiled() throws Exception {
        return Expression.compile(text, pattern -> null);
    }

    private static final class Call implements ExpressionFacts {
        private final Map<String, String> headers =
                Map.of("host", "api.example.com", "x-tenant", "blue", "accept", "*/*", "user-agent", "bench");
        private final Map<String, @Nullable Object> claims = Map.of(
                "sub", "client-7", "org", Map.of("tenant", "blue", "roles", List.of("partner", "reader", "admin")));

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String scheme() {
            return "https";
        }

        @Override
        public String host() {
            return "api.example.com";
        }

        @Override
        public String path() {
            return "/orders/4711/lines/12";
        }

        @Override
        public Map<String, String> headers() {
            return headers;
        }

        @Override
        public Map<String, String> queryParameters() {
            return Map.of();
        }

        @Override
        public String clientAddress() {
            return "192.0.2.7";
        }

        @Override
        public long epochMillis() {
            return 1_784_000_000_000L;
        }

        @Override
        public String consumerId() {
            return "6b0c5a3e-0000-4000-8000-000000000001";
        }

        @Override
        public String consumerName() {
            return "acme";
        }

        @Override
        public List<String> groups() {
            return List.of("staff", "partners");
        }

        @Override
        public String planName() {
            return "gold";
        }

        @Override
        public String credentialId() {
            return "6b0c5a3e-0000-4000-8000-000000000002";
        }

        @Override
        public String credentialType() {
            return "key";
        }

        @Override
        public List<String> scopes() {
            return List.of("orders.read", "orders.write", "orders.admin");
        }

        @Override
        public Map<String, @Nullable Object> claims() {
            return claims;
        }
    }
}
