package io.tollgate.node.credential;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.engine.consumer.CredentialVerifier;
import io.tollgate.engine.consumer.KeyHasher;
import io.tollgate.engine.password.BasicPair;
import io.tollgate.engine.password.PasswordHash;
import io.tollgate.engine.token.TokenHasher.Digest;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks passwords and remembers what was found. Shared; the checks are made on the threads of the pool, each pair by one at a time
 * however many calls present it.
 *
 * <p>A name that nobody has is checked by a decoy, which takes what the password of somebody takes. Which one is a matter of the name and of
 * the costs of the passwords that there are: the same on all nodes and after a restart, so that no name is told from its time.
 */
final class PasswordChecks {
    private static final Logger LOG = System.getLogger(PasswordChecks.class.getName());

    private final CheckPool pool;
    private final PasswordCache cache;
    private final ConcurrentMap<Asked, List<Consumer<Finding>>> waiting = new ConcurrentHashMap<>();

    PasswordChecks(CheckPool pool, PasswordCache cache) {
        this.pool = pool;
        this.cache = cache;
    }

    /** A pair that is looked at under a configuration. Immutable. */
    record Question(BasicPair pair, Digest digest, CompiledConfiguration configuration) {
        String key() {
            return CredentialBindings.basic(pair.userName());
        }

        Asked asked() {
            return new Asked(digest, configuration.bindings().verifier(key()));
        }
    }

    /**
     * What one check answers for all that wait for it: calls under another configuration only where the name has the same digest there.
     * Immutable.
     *
     * @param verifier null: nobody has that name
     */
    private record Asked(Digest digest, @Nullable CredentialVerifier verifier) {}

    /** What is remembered of a pair; null when nothing is. */
    @Nullable
    Finding find(Digest digest, CompiledConfiguration configuration) {
        return cache.find(digest, configuration);
    }

    /** Finds out; {@code told} hears of it once, on any thread. */
    void check(Question question, Consumer<Finding> told) {
        List<Consumer<Finding>> mine = new ArrayList<>(1);
        List<Consumer<Finding>> all = waiting.compute(question.asked(), (asked, others) -> {
            List<Consumer<Finding>> list = others == null ? mine : others;
            list.add(told);
            return list;
        });
        // Whoever began it tells all of them.
        if (isSame(all, mine) && !pool.offer(() -> tell(question, findSafely(question)))) {
            tell(question, Refusal.of(Outcome.CHECKS_BUSY));
        }
    }

    @SuppressWarnings("ReferenceEquality") // Which list it is matters, not what is in it.
    private static boolean isSame(@Nullable List<Consumer<Finding>> one, List<Consumer<Finding>> other) {
        return one == other;
    }

    private void tell(Question question, Finding finding) {
        List<Consumer<Finding>> all = waiting.remove(question.asked());
        if (all != null) {
            all.forEach(told -> told.accept(finding));
        }
    }

    private Finding findSafely(Question question) {
        try {
            return find(question);
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "event=password-check-failed", bug);
            return Refusal.of(Outcome.INTERNAL);
        }
    }

    private Finding find(Question question) {
        CompiledConfiguration configuration = question.configuration();
        // Another call may have presented it meanwhile.
        Finding remembered = cache.find(question.digest(), configuration);
        if (remembered != null) {
            return remembered;
        }
        BasicPair pair = question.pair();
        String key = question.key();
        CredentialBindings bindings = configuration.bindings();
        PasswordHash decoy = decoy(pair.userName(), configuration);
        PasswordHash hash = bindings.verifier(key) instanceof PasswordHash known ? known : null;
        boolean fits = (hash == null ? decoy : hash).matches(pair.password());
        if (hash != null && fits) {
            KnownPassword good = new KnownPassword(key, hash);
            cache.put(question.digest(), good);
            return good;
        }
        cache.put(question.digest(), new PasswordCache.Bad(key, hash));
        return Refusal.of(Outcome.PASSWORD_WRONG);
    }

    private static PasswordHash decoy(String userName, CompiledConfiguration configuration) {
        List<? extends CredentialVerifier> decoys = configuration.bindings().decoys();
        byte[] keyed = new KeyHasher(configuration.keyDigestSecret()).foreignDigest(sha256(userName));
        return (PasswordHash) decoys.get((keyed[0] & 0xff) % decoys.size());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
