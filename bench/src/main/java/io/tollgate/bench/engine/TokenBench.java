package io.tollgate.bench.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tollgate.engine.token.ClaimPath;
import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.ParsedToken;
import io.tollgate.engine.token.TokenAlgorithm;
import io.tollgate.engine.token.TokenHasher;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.TokenJudge;
import io.tollgate.engine.token.TokenKey;
import io.tollgate.engine.token.TokenVerdict;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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

/** Cost of a token that is known, and of one that must be checked. One thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class TokenBench {
    private static final int KNOWN = 10_000;
    private static final String BEARER = "Bearer ";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** By which the token is signed. */
    @Param({"ES256", "RS256", "EdDSA"})
    public String algorithm = "";

    private final TokenHasher hasher = new TokenHasher();
    private final Cache<TokenHasher.Digest, TokenVerdict> cache =
            Caffeine.newBuilder().maximumSize(2 * KNOWN).build();
    private String token = "";
    private String field = "";
    private KeySet keys = KeySet.NONE;
    private @Nullable TokenIssuer issuer;

    @Setup(Level.Trial)
    public void build() throws Exception {
        KeyPair pair = pair();
        TokenAlgorithm used = Objects.requireNonNull(TokenAlgorithm.find(algorithm));
        keys = new KeySet(List.of(TokenKey.of("k1", pair.getPublic(), null)));
        issuer = new TokenIssuer(
                "i1",
                "login",
                "https://login.example.com/",
                new TokenIssuer.Keys.Held(keys),
                new TokenIssuer.Rules(Set.of(used), List.of("JWT"), List.of("api"), 0, List.of(), 0),
                new TokenIssuer.Binding(
                        ClaimPath.of("sub"), TokenIssuer.ConsumerBy.CREDENTIAL, false, ClaimPath.of("scope")));
        token = sign(pair, 0);
        field = BEARER + token;
        for (int i = 0; i < KNOWN; i++) {
            String other = i == 0 ? token : token + i;
            cache.put(hasher.digest(other, 0, other.length()), judged());
        }
    }

    private KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(
                switch (algorithm) {
                    case "RS256" -> "RSA";
                    case "ES256" -> "EC";
                    default -> "Ed25519";
                });
        if ("ES256".equals(algorithm)) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        }
        return generator.generateKeyPair();
    }

    private String sign(KeyPair pair, int number) throws GeneralSecurityException {
        String signed = encode("{\"alg\":\"" + algorithm + "\",\"kid\":\"k1\",\"typ\":\"JWT\"}") + "."
                + encode("{\"iss\":\"https://login.example.com/\",\"sub\":\"client-7\",\"aud\":[\"api\",\"other\"],"
                        + "\"iat\":1700000000,\"exp\":1700003600,\"jti\":\"" + number
                        + "\",\"scope\":\"pets:read pets:write orders:read\",\"org\":{\"tenant\":\"blue\",\"roles\":"
                        + "[\"partner\",\"reader\"]},\"name\":\"A partner of ours\",\"azp\":\"0oa1b2c3d4e5f6g7h8i9\"}");
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case "RS256" -> "SHA256withRSA";
                    case "ES256" -> "SHA256withECDSAinP1363Format";
                    default -> "Ed25519";
                });
        signature.initSign(pair.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + BASE64.encodeToString(signature.sign());
    }

    private static String encode(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The token is read and its signature checked, as for one that nobody presented before. */
    @Benchmark
    public TokenVerdict judged() {
        ParsedToken parsed = Objects.requireNonNull(ParsedToken.read(token));
        return TokenJudge.judge(parsed, Objects.requireNonNull(issuer), keys, 1_700_000_001_000L);
    }

    /** The token is found by its digest, as for one that was presented before. */
    @Benchmark
    public @Nullable TokenVerdict known() {
        return cache.getIfPresent(hasher.digest(field, BEARER.length(), field.length()));
    }
}
