package io.tollgate.node.credential;

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

    private final CheckPool pool;
    private final ReplayWindow replays;
    private final Clock clock;

    SignatureChecks(CheckPool pool, ReplayWindow replays, Clock clock) {
        this.pool = pool;
        this.replays = replays;
        this.clock = clock;
    }

    /**
     * A signature that is looked at. Immutable; the bytes are not to be written to.
     *
     * @param base what was signed
     * @param known what is found when it holds
     * @param endsAtMillis first millisecond in which it does not hold any more
     */
    record Question(PresentedSignature signature, byte[] base, KnownSignature known, long endsAtMillis) {}

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
        // The last moment of its second, so that it is not forgotten while it still holds.
        int endSecond = (int) (question.endsAtMillis() / MILLIS_PER_SECOND + 1);
        int nowSecond = (int) (clock.epochMillis() / MILLIS_PER_SECOND);
        return switch (replays.offer(identity(question), endSecond, nowSecond)) {
            case FRESH -> question.known();
            case SEEN -> Refusal.of(Outcome.SIGNATURE_REPLAYED);
            case FULL -> Refusal.of(Outcome.REPLAYS_FULL);
        };
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
