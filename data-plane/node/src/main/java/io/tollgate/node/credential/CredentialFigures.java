package io.tollgate.node.credential;

import java.util.List;

/** What is counted of this room. Shared; any thread. */
public final class CredentialFigures {
    private static final double MILLIS_PER_SECOND = 1e3;

    private final List<CheckPool> pools;
    private final TokenCache tokens;
    private final PasswordCache passwords;
    private final IssuerKeyTable keys;
    private final FetchCounts fetches;
    private final IntrospectionCounts questions;

    CredentialFigures(
            List<CheckPool> pools,
            TokenCache tokens,
            PasswordCache passwords,
            IssuerKeyTable keys,
            FetchCounts fetches,
            IntrospectionCounts questions) {
        this.questions = questions;
        this.fetches = fetches;
        this.pools = List.copyOf(pools);
        this.passwords = passwords;
        this.tokens = tokens;
        this.keys = keys;
    }

    /** Checks that wait for a thread. */
    public int checksWaiting() {
        return pools.stream().mapToInt(CheckPool::waiting).sum();
    }

    /** Checks that were refused, since too many waited. */
    public long checksRefused() {
        return pools.stream().mapToLong(CheckPool::refused).sum();
    }

    /** Good tokens that are remembered. */
    public long goodTokens() {
        return tokens.goodCount();
    }

    /** Passwords that are remembered to be right. */
    public long goodPasswords() {
        return passwords.goodCount();
    }

    /** Bad ones. */
    public long badTokens() {
        return tokens.badCount();
    }

    /** Fetches of issuers' keys that went well. */
    public long fetches() {
        return fetches.good.sum();
    }

    /** Those that failed. */
    public long fetchFailures() {
        return fetches.failed.sum();
    }

    /** Questions to issuers that are on their way. */
    public int questionsAsked() {
        return questions.asked.get();
    }

    /** Those that were answered: the token is active. */
    public long activeAnswers() {
        return questions.active.sum();
    }

    /** It is not. */
    public long inactiveAnswers() {
        return questions.inactive.sum();
    }

    /** No answer came. */
    public long failedQuestions() {
        return questions.failed.sum();
    }

    /** They were not put, since too many were on their way. */
    public long refusedQuestions() {
        return questions.refused.sum();
    }

    /** Issuers whose keys are not there. */
    public long issuersWithoutKeys() {
        long sum = 0;
        for (FetchedKeys one : keys.fetched()) {
            sum += one.current() == null ? 1 : 0;
        }
        return sum;
    }

    /** Age of the oldest keys, in seconds; 0 when none were fetched. */
    public double oldestSeconds() {
        long oldest = 0;
        for (FetchedKeys one : keys.fetched()) {
            oldest = Math.max(oldest, one.ageMillis());
        }
        return oldest / MILLIS_PER_SECOND;
    }
}
