package io.tollgate.node.credential;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.policy.HttpSignaturePolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.quota.FailureTable;
import io.tollgate.engine.signature.PresentedSignature;
import io.tollgate.engine.token.TokenHasher.Digest;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Checks signatures of requests, and that none is taken twice. Shared; the checks are made on the threads of the pool.
 *
 * <p>A signature is known again by its key and its nonce, or else by all that was signed, which says when: not by its bytes, since for some
 * algorithms a stranger can make others of them that hold as well. It is remembered only once it held, so that nobody else can use it up.
 */
final class SignatureChecks {
    private static final Logger LOG = System.getLogger(SignatureChecks.class.getName());
    private static final long MILLIS_PER_SECOND = 1_000;
    /** Of the places of the window one key may take such a part, so that no caller takes those of all others. */
    private static final int KEY_SHARE = 8;

    private final CheckPool pool;
    private final ReplayWindow replays;
    private final Clock clock;
    private final FailureTable rates;
    private volatile Span span = new Span(0, 0);

    /** @param seed drawn by chance */
    SignatureChecks(CheckPool pool, ReplayWindow replays, Clock clock, long seed) {
        this.pool = pool;
        this.replays = replays;
        this.clock = clock;
        this.rates = new FailureTable(seed, clock.nanos());
    }

    /** How long a signature may hold by any policy. Immutable. */
    private record Span(int ageSeconds, int skewSeconds) {
        int seconds() {
            return ageSeconds + 2 * skewSeconds;
        }
    }

    /**
     * What is seen is remembered for as long as any policy of this configuration may take it: one that is taken on a route that wants fresh
     * ones must not hold again on one that is patient.
     */
    void follow(CompiledConfiguration configuration) {
        int age = 0;
        int skew = 0;
        for (EffectivePolicies policies : configuration.policiesByOrdinal()) {
            HttpSignaturePolicy policy = policies.find(PolicyType.HTTP_SIGNATURE);
            if (policy != null) {
                age = Math.max(age, policy.rules().ageSecondsMax());
                skew = Math.max(skew, policy.rules().clockSkewSeconds());
            }
        }
        span = new Span(age, skew);
    }

    /**
     * A signature that is looked at. Immutable; the bytes are not to be written to.
     *
     * @param base what was signed
     * @param known what is found when it holds
     */
    record Question(PresentedSignature signature, byte[] base, KnownSignature known) {}

    /** Finds out; {@code told} hears of it once, on any thread. */
    void check(Question question, BooleanSupplier abandoned, Consumer<Finding> told) {
        boolean taken = pool.offer(() -> {
            if (abandoned.getAsBoolean()) {
                return;
            }
            Finding finding;
            try {
                finding = find(question);
            } catch (RuntimeException bug) {
                LOG.log(Level.ERROR, "event=signature-check-failed", bug);
                finding = Refusal.of(Outcome.INTERNAL);
            }
            told.accept(finding);
        });
        if (!taken) {
            told.accept(Refusal.of(Outcome.CHECKS_BUSY));
        }
    }

    private Finding find(Question question) {
        if (!question.known()
                .key()
                .verifies(question.base(), question.signature().signature())) {
            return Refusal.of(Outcome.SIGNATURE_INVALID);
        }
        Span longest = span;
        long key = FailureTable.source(
                sha256().digest(question.known().bindingKey().getBytes(StandardCharsets.UTF_8)));
        FailureTable.Bound share =
                new FailureTable.Bound(Math.max(1, replays.liveMax() / KEY_SHARE), Math.max(1, longest.seconds()));
        long nowNanos = clock.nanos();
        if (rates.isFull(key, share, nowNanos)) {
            return Refusal.of(Outcome.REPLAYS_FULL);
        }
        int nowSecond = (int) (clock.epochMillis() / MILLIS_PER_SECOND);
        return switch (replays.offer(identity(question), endSecond(question.signature(), longest), nowSecond)) {
            case FRESH -> {
                rates.count(key, share, nowNanos);
                yield question.known();
            }
            case SEEN -> Refusal.of(Outcome.SIGNATURE_REPLAYED);
            case FULL -> Refusal.of(Outcome.REPLAYS_FULL);
        };
    }

    /** The first second in which it holds nowhere any more: after the last moment of its own. */
    private static int endSecond(PresentedSignature signature, Span longest) {
        long byAge = signature.created() + longest.ageSeconds();
        long end = signature.expires() < 0 ? byAge : Math.min(byAge, signature.expires());
        return (int) (end + longest.skewSeconds() + 1);
    }

    private static Digest identity(Question question) {
        String nonce = question.signature().nonce();
        MessageDigest sha256 = sha256();
        sha256.update(question.known().bindingKey().getBytes(StandardCharsets.UTF_8));
        // A byte that no id has tells the one kind from the other.
        sha256.update((byte) (nonce.isEmpty() ? 0 : 1));
        sha256.update(nonce.isEmpty() ? question.base() : nonce.getBytes(StandardCharsets.UTF_8));
        return Digest.of(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
