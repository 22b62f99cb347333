package io.tollgate.node.credential;

import io.tollgate.engine.password.BasicPair;
import io.tollgate.engine.token.TokenHasher.Digest;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.FindingKind;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.Resolver;
import io.tollgate.node.exchange.Unresolved;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Finds out whether a user name and a password belong together: from memory, or by checking them. Immutable. */
record BasicResolver(PasswordChecks checks) implements Resolver {
    /** RFC 7617, 2; the name of a scheme has no case (RFC 9110, 11.1). */
    private static final String SCHEME = "Basic ";

    @Override
    public @Nullable Unresolved ask(Exchange exchange) {
        String value = exchange.request().headers().get(HttpHeaders.AUTHORIZATION);
        if (value == null || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        if (value.length() > SCHEME.length() + BasicPair.TEXT_CHARACTERS_MAX) {
            exchange.found(FindingKind.BASIC, Refusal.of(Outcome.PASSWORD_MALFORMED));
            return null;
        }
        BasicPair pair = BasicPair.parse(value.substring(SCHEME.length()).trim());
        if (pair == null) {
            exchange.found(FindingKind.BASIC, Refusal.of(Outcome.PASSWORD_MALFORMED));
            return null;
        }
        // Of the pair and not of how it is written, so that one pair has one entry.
        Digest digest = Digest.of(exchange.scratch().presentedHasher().digest(pair.bytes()));
        Finding known = checks.find(digest, exchange.configuration());
        if (known != null) {
            exchange.found(FindingKind.BASIC, known);
            return null;
        }
        if (exchange.isThrottled()) {
            // Refused as one of too many; what is known to be good was let through above.
            exchange.found(FindingKind.BASIC, Refusal.of(Outcome.PASSWORD_WRONG));
            return null;
        }
        return new Check(exchange, new PasswordChecks.Question(pair, digest, exchange.configuration()));
    }

    /** One pair that is checked for one request. */
    private final class Check implements Unresolved {
        private final Exchange exchange;
        private final PasswordChecks.Question question;

        Check(Exchange exchange, PasswordChecks.Question question) {
            this.exchange = exchange;
            this.question = question;
        }

        @Override
        public void begin(Runnable then) {
            checks.check(
                    question,
                    finding -> exchange.scratch().timer().soon(() -> {
                        exchange.found(FindingKind.BASIC, finding);
                        then.run();
                    }));
        }

        @Override
        public void abandon() {
            // It is finished all the same: others may wait for it, and the answer is remembered.
        }
    }
}
