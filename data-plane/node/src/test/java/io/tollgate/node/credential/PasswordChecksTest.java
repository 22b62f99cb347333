package io.tollgate.node.credential;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.password.BasicPair;
import io.tollgate.engine.password.PasswordHash;
import io.tollgate.engine.token.TokenHasher.Digest;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.proto.config.v1.BasicBinding;
import java.security.SecureRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordChecksTest {
    private static final int TRIES = 8;
    private static final String ARGON2 =
            PasswordHash.of("correct horse", new SecureRandom()).text();
    private static final String BCRYPT = "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i";

    private final CheckPool pool = new CheckPool("password-check", CheckPool.PASSWORDS_WAITING_MAX);
    private final PasswordChecks checks = new PasswordChecks(pool, new PasswordCache(new ManualClock()));
    private final BlockingQueue<Finding> told = new LinkedBlockingQueue<>();
    private long digests;

    @AfterEach
    void close() {
        pool.close();
    }

    private static CompiledConfiguration configuration(String digest) {
        Catalog catalog = catalog().plan("gold", perMinute(1)).consumer("acme", "gold");
        for (String name : new String[] {"batch", "night"}) {
            catalog.bound(
                    name,
                    "acme",
                    credential -> credential.setBasic(
                            BasicBinding.newBuilder().setUserName(name).setDigest(digest)));
        }
        return catalog.compile();
    }

    /** Nanoseconds that a check took. */
    private long check(CompiledConfiguration configuration, String userName, String password, boolean good)
            throws InterruptedException {
        long start = System.nanoTime();
        checks.check(
                new PasswordChecks.Question(
                        new BasicPair(userName, password), new Digest(++digests, 0, 0, 0), configuration),
                told::add);
        Finding finding = told.poll(20, TimeUnit.SECONDS);
        long took = System.nanoTime() - start;
        assertThat(finding).isNotNull();
        if (good) {
            assertThat(finding).isInstanceOf(KnownPassword.class);
        } else {
            assertThat(finding).isEqualTo(Refusal.of(Outcome.PASSWORD_WRONG));
        }
        return took;
    }

    private long shortest(CompiledConfiguration configuration, String userName) throws InterruptedException {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            shortest = Math.min(shortest, check(configuration, userName, "guess-" + i, false));
        }
        return shortest;
    }

    /** Whichever kind of digest the catalogue has: a guesser cannot tell from the time whether a name is somebody's. */
    @Test
    void nameOfNobody_takesAsLongAsAWrongPassword() throws InterruptedException {
        for (String digest : new String[] {ARGON2, BCRYPT}) {
            CompiledConfiguration configuration = configuration(digest);
            // Compiled by now, so that no side pays for that.
            shortest(configuration, "batch");
            double ofSomebody = shortest(configuration, "batch");
            double ofNobody = shortest(configuration, "nobody");
            assertThat(ofNobody / ofSomebody).as(digest).isBetween(0.5, 2.0);
        }
    }

    /** Two calls at once, between which the password was changed: each is told what holds for it. */
    @Test
    void underAnotherDigestOfTheName_aCallDoesNotJoinTheCheckOfAnother() throws InterruptedException {
        CompiledConfiguration before = configuration(ARGON2);
        CompiledConfiguration after = configuration(BCRYPT);
        CountDownLatch bothAsked = new CountDownLatch(1);
        for (int i = 0; i < CheckPool.THREADS; i++) {
            pool.offer(() -> awaitUninterruptibly(bothAsked));
        }
        BasicPair pair = new BasicPair("batch", "abc");
        Digest digest = new Digest(1, 2, 3, 4);
        BlockingQueue<Finding> old = new LinkedBlockingQueue<>();
        checks.check(new PasswordChecks.Question(pair, digest, before), old::add);
        checks.check(new PasswordChecks.Question(pair, digest, after), told::add);
        // Of another configuration with the same password: one check is enough.
        checks.check(new PasswordChecks.Question(pair, digest, configuration(BCRYPT)), told::add);
        assertThat(pool.waiting()).isEqualTo(2);
        bothAsked.countDown();
        assertThat(old.poll(20, TimeUnit.SECONDS)).isEqualTo(Refusal.of(Outcome.PASSWORD_WRONG));
        assertThat(told.poll(20, TimeUnit.SECONDS)).isInstanceOf(KnownPassword.class);
        assertThat(told.poll(20, TimeUnit.SECONDS)).isInstanceOf(KnownPassword.class);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void wrongOnes_areNotTakenForRightOnes() throws InterruptedException {
        CompiledConfiguration configuration = configuration(BCRYPT);
        check(configuration, "batch", "abc", true);
        check(configuration, "night", "abc", true);
        check(configuration, "batch", "abd", false);
        check(configuration, "nobody", "abc", false);
        // What was found is remembered by what was presented, and told of nothing else.
        assertThat(checks.find(new Digest(1, 0, 0, 0), configuration)).isInstanceOf(KnownPassword.class);
        assertThat(checks.find(new Digest(4, 0, 0, 0), configuration)).isEqualTo(Refusal.of(Outcome.PASSWORD_WRONG));
        assertThat(checks.find(new Digest(5, 0, 0, 0), configuration)).isNull();
        CompiledConfiguration changed = configuration(ARGON2);
        assertThat(checks.find(new Digest(1, 0, 0, 0), changed)).isNull();
        assertThat(checks.find(new Digest(3, 0, 0, 0), changed)).isNull();
    }
}
