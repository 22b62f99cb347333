package io.tollgate.node.credential;

import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.FindingKind;
import io.tollgate.node.exchange.LoopTimer;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.Resolver;
import io.tollgate.node.exchange.Unresolved;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call whose token holds, and whose caller is to become a consumer, wait until it is one. Immutable; asked after those who look at
 * tokens.
 */
record SubjectResolver(NewSubjects subjects) implements Resolver {
    private static final FindingKind[] KINDS = {FindingKind.JWT, FindingKind.INTROSPECTION};
    private static final long NANOS_PER_MILLI = 1_000_000;

    @Override
    public @Nullable Unresolved ask(Exchange exchange) {
        for (FindingKind kind : KINDS) {
            if (exchange.finding(kind) instanceof KnownToken token && token.isNew(exchange.configuration())) {
                return wait(exchange, kind, token);
            }
        }
        return null;
    }

    private @Nullable Unresolved wait(Exchange exchange, FindingKind kind, KnownToken token) {
        long waitedMillis = (exchange.scratch().clock().nanos() - exchange.startNanos()) / NANOS_PER_MILLI;
        // Also when it is decided on once more, since a configuration came that knows it not yet.
        long leftMillis = NewSubjects.WAIT_MILLIS_MAX - waitedMillis;
        if (leftMillis <= 0) {
            exchange.found(kind, Refusal.of(Outcome.CONSUMER_PENDING));
            return null;
        }
        return new Waiting(exchange, kind, token, leftMillis);
    }

    /** One call that waits. Event-loop confined, but for what comes back. */
    private final class Waiting implements Unresolved {
        private final Exchange exchange;
        private final FindingKind kind;
        private final String issuerId;
        private final String subject;
        private final long leftMillis;
        private final Runnable told = this::tell;
        private long timer;
        private boolean over;
        private @Nullable Runnable then;

        Waiting(Exchange exchange, FindingKind kind, KnownToken token, long leftMillis) {
            this.exchange = exchange;
            this.kind = kind;
            this.issuerId = token.token().issuer().id();
            this.subject = token.token().subject();
            this.leftMillis = leftMillis;
        }

        @Override
        public void begin(Runnable goOn) {
            then = goOn;
            LoopTimer loop = exchange.scratch().timer();
            timer = loop.after(leftMillis, () -> giveUp(NewSubjects.Leaving.TOO_LONG));
            if (!subjects.await(issuerId, subject, told)) {
                loop.cancel(timer);
                end(false);
            }
        }

        /** Any thread. */
        private void tell() {
            exchange.scratch().timer().soon(() -> {
                exchange.scratch().timer().cancel(timer);
                end(true);
            });
        }

        private void giveUp(NewSubjects.Leaving why) {
            subjects.leave(issuerId, subject, told, why);
            end(false);
        }

        private void end(boolean known) {
            Runnable goOn = then;
            if (over || goOn == null) {
                return;
            }
            over = true;
            if (!known) {
                exchange.found(kind, Refusal.of(Outcome.CONSUMER_PENDING));
            }
            goOn.run();
        }

        @Override
        public void abandon() {
            over = true;
            exchange.scratch().timer().cancel(timer);
            subjects.leave(issuerId, subject, told, NewSubjects.Leaving.CLIENT_GONE);
        }
    }
}
