package io.tollgate.node.answer;

import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.policy.ForwardAuthPolicy;
import io.tollgate.engine.route.OctetText;
import io.tollgate.engine.token.VerifiedToken;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.ClientWatcher;
import io.tollgate.node.exchange.ConnectionNames;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GatewayAnswer;
import io.tollgate.node.exchange.HeadRewrite;
import io.tollgate.node.exchange.Inquiry;
import io.tollgate.node.exchange.NameSet;
import io.tollgate.node.exchange.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a service whether the call may go on; what it lets through is answered as ever. Immutable.
 *
 * <p>It is told what is asked of whom by whom (X-Forwarded-*), the chosen fields of the call, and what the upstream would be told about
 * the caller; never the body. Its yes may be remembered for the very same question of the same credential.
 *
 * @param policy whom and how
 * @param wanted the fields of its answers that matter
 * @param next answers what goes on
 */
public record AskFirst(ForwardAuthPolicy policy, NameSet wanted, Answerer next) implements Answerer {
    /** What the client may get of the body of a refusal; a longer one is left out. */
    static final int BODY_BYTES_MAX = 65_536;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NO_TIMER = -1;

    /** Asks as this policy says. */
    public static AskFirst of(ForwardAuthPolicy policy, Answerer next) {
        List<String> names = new ArrayList<>(policy.upstreamHeaders());
        names.addAll(policy.clientHeaders());
        return new AskFirst(policy, NameSet.of(names), next);
    }

    @Override
    public void answer(Exchange exchange, Ending ending) {
        List<GatewayAnswer.Field> fields = question(exchange);
        String key = policy.cacheSeconds() == 0 ? "" : key(exchange, fields);
        List<GatewayAnswer.Field> known = key.isEmpty()
                ? null
                : exchange.scratch()
                        .grants()
                        .find(
                                key,
                                policy.cacheSeconds(),
                                exchange.scratch().clock().nanos());
        if (known != null) {
            exchange.granted(known);
            next.answer(exchange, ending);
            return;
        }
        new Asking(exchange, ending, key).start(fields);
    }

    private List<GatewayAnswer.Field> question(Exchange exchange) {
        List<GatewayAnswer.Field> fields = new ArrayList<>();
        HeadRewrite rewrite = exchange.headRewrite();
        // The upstream does not get these either: nobody is to decide on what it will not see.
        NameSet hopByHop = ConnectionNames.of(exchange.request().headers());
        for (int i = 0; i < policy.requestHeaders().size(); i++) {
            String name = policy.requestHeaders().get(i);
            if (!hopByHop.contains(name) && (rewrite == null || !rewrite.reserves(name, exchange))) {
                for (String value : exchange.request().headers().getAll(name)) {
                    fields.add(new GatewayAnswer.Field(name, value));
                }
            }
        }
        if (rewrite != null) {
            rewrite.append((name, value) -> fields.add(field(name, value)), exchange);
        }
        fields.add(new GatewayAnswer.Field("X-Forwarded-Method", exchange.method()));
        fields.add(new GatewayAnswer.Field("X-Forwarded-Proto", exchange.isSecure() ? "https" : "http"));
        fields.add(new GatewayAnswer.Field("X-Forwarded-Host", exchange.client().hostField()));
        fields.add(new GatewayAnswer.Field("X-Forwarded-Uri", uri(exchange, rewrite)));
        fields.add(new GatewayAnswer.Field("X-Forwarded-For", exchange.clientAddress()));
        return fields;
    }

    /** A field of the gateway's own: a value from the catalogue may be any text. */
    private static GatewayAnswer.Field field(CharSequence name, CharSequence value) {
        StringBuilder clean = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            clean.append(c < ' ' || c == 0x7f ? '?' : c);
        }
        return new GatewayAnswer.Field(name.toString(), OctetText.of(clean.toString()));
    }

    private static String uri(Exchange exchange, @Nullable HeadRewrite rewrite) {
        String query = rewrite == null ? exchange.query() : rewrite.visibleQuery(exchange.query());
        return query.isEmpty() ? exchange.path() : exchange.path() + "?" + query;
    }

    /** What a yes is remembered by: all that the service is told, by whom it is asked, and who calls. */
    private String key(Exchange exchange, List<GatewayAnswer.Field> fields) {
        List<String> all = new ArrayList<>(2 * fields.size() + 9);
        all.add(policy.serviceId());
        all.add(policy.method());
        all.add(policy.path());
        all.add(String.join(",", policy.upstreamHeaders()));
        Credential credential = exchange.credential();
        all.add(credential == null ? "" : credential.type().word());
        all.add(credential == null ? "" : credential.id());
        all.add(credential == null ? "" : credential.consumer().id());
        all.add(exchange.presented());
        VerifiedToken token = exchange.token();
        // Two tokens of one subject are two credentials: what differs, if only their numbers, is in what they claim.
        all.add(token == null ? "" : token.claims().toString());
        for (GatewayAnswer.Field field : fields) {
            all.add(field.name());
            all.add(field.value());
        }
        return exchange.scratch().grants().key(all);
    }

    /** A call that waits for the service's answer. Event-loop confined. */
    private final class Asking implements ClientWatcher, Inquiry.Listener {
        private final Exchange exchange;
        private final Ending ending;
        private final String key;
        private @Nullable Runnable abandon;
        private long callerTimer = NO_TIMER;
        private boolean over;

        Asking(Exchange exchange, Ending ending, String key) {
            this.exchange = exchange;
            this.ending = ending;
            this.key = key;
        }

        void start(List<GatewayAnswer.Field> fields) {
            Upstream service = exchange.configuration().upstreams().get(policy.serviceId());
            if (service == null) {
                throw new IllegalStateException(policy.serviceId() + " was linked");
            }
            if (exchange.body().isPresent()) {
                exchange.request().pause();
            }
            exchange.relayedBy(this);
            Inquiry inquiry = new Inquiry(
                    service, policy.method(), policy.path(), fields, wanted, policy.timeoutMillis(), BODY_BYTES_MAX);
            Runnable begun = exchange.scratch().relay().ask(inquiry, this);
            if (!over) {
                abandon = begun;
                awaitDeadline();
            }
        }

        /** The caller's own time ends the question too, which says nothing of the service that was asked. */
        private void awaitDeadline() {
            long deadlineNanos = exchange.deadlineNanos();
            if (deadlineNanos > 0) {
                long leftNanos = deadlineNanos - (exchange.scratch().clock().nanos() - exchange.startNanos());
                callerTimer = exchange.scratch()
                        .timer()
                        .after(Math.max(1, leftNanos / NANOS_PER_MILLI), () -> leave(Outcome.DEADLINE_EXCEEDED));
            }
        }

        @Override
        public void onClientGone() {
            leave(Outcome.CLIENT_GONE);
        }

        /** Nobody waits for an answer any more: what never reached the upstream takes nothing from a limit. */
        private void leave(Outcome outcome) {
            Runnable asked = abandon;
            if (claim()) {
                if (asked != null) {
                    asked.run();
                }
                exchange.giveBack();
                ending.ended(exchange, outcome);
            }
        }

        @Override
        public void onAnswer(GatewayAnswer answer) {
            if (answer.status() >= 500) {
                onFailure();
            } else if (claim()) {
                ending.goOn(exchange, () -> decided(answer));
            }
        }

        private void decided(GatewayAnswer answer) {
            if (answer.status() >= 300) {
                refuse(answer);
                return;
            }
            List<GatewayAnswer.Field> fields = chosen(answer.fields(), policy.upstreamHeaders());
            if (!key.isEmpty()) {
                exchange.scratch()
                        .grants()
                        .put(key, fields, exchange.scratch().clock().nanos());
            }
            goOn(fields);
        }

        @Override
        public void onFailure() {
            if (!claim()) {
                return;
            }
            if (policy.failsOpen()) {
                ending.goOn(exchange, () -> goOn(List.of()));
            } else {
                ending.ended(exchange, Outcome.FORWARD_AUTH_UNAVAILABLE);
            }
        }

        private void goOn(List<GatewayAnswer.Field> fields) {
            // A revocation that came meanwhile holds for this call as well.
            if (!exchange.scratch().relay().isStillWelcome(exchange)) {
                exchange.giveBack();
                ending.ended(exchange, Outcome.ACCESS_DENIED);
                return;
            }
            exchange.granted(fields);
            next.answer(exchange, ending);
        }

        private void refuse(GatewayAnswer answer) {
            // What is refused before it reached the upstream takes nothing from a limit.
            exchange.giveBack();
            List<GatewayAnswer.Field> fields = new ArrayList<>(chosen(answer.fields(), policy.clientHeaders()));
            if (fields.stream().noneMatch(field -> field.name().equalsIgnoreCase("Cache-Control"))) {
                fields.add(new GatewayAnswer.Field("Cache-Control", "no-store"));
            }
            exchange.answerHere(new GatewayAnswer(answer.status(), fields, answer.body()));
            ending.ended(exchange, Outcome.FORWARD_AUTH_REFUSED);
        }

        private boolean claim() {
            boolean first = !over;
            over = true;
            abandon = null;
            if (first && callerTimer != NO_TIMER) {
                exchange.scratch().timer().cancel(callerTimer);
            }
            return first && !exchange.isOver();
        }
    }

    private static List<GatewayAnswer.Field> chosen(List<GatewayAnswer.Field> fields, List<String> names) {
        List<GatewayAnswer.Field> chosen = new ArrayList<>();
        for (GatewayAnswer.Field field : fields) {
            for (String name : names) {
                if (name.equalsIgnoreCase(field.name())) {
                    chosen.add(new GatewayAnswer.Field(name, field.value()));
                }
            }
        }
        return chosen;
    }
}
