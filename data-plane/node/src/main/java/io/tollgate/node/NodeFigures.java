package io.tollgate.node;

import io.micrometer.core.instrument.Tags;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.quota.FailureTable;
import io.tollgate.node.accesslog.AccessLog;
import io.tollgate.node.accesslog.DropReason;
import io.tollgate.node.credential.CredentialFigures;
import io.tollgate.node.dial.Membership;
import io.tollgate.node.dial.MembershipKeeper;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.listener.AcceptGates;
import io.tollgate.node.pipeline.ActiveSnapshot;
import io.tollgate.node.pipeline.CompiledSnapshot;
import io.tollgate.node.sync.ListenerStanding;
import io.tollgate.node.sync.SnapshotWatch;
import io.tollgate.node.telemetry.NodeMetrics;
import io.tollgate.node.tls.HandshakeCounters;
import io.tollgate.node.tls.TlsStack;
import io.tollgate.node.trace.Traces;
import io.tollgate.node.usage.UsageJournal;
import io.tollgate.node.usage.UsageReporter;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says which figures of which part of the node are told at /metrics, and how they are called there. Main thread only. */
final class NodeFigures {
    private final NodeMetrics figures;
    private final Clock clock;

    NodeFigures(NodeMetrics figures, Clock clock) {
        this.figures = figures;
        this.clock = clock;
    }

    NodeMetrics metrics() {
        return figures;
    }

    NodeFigures connections(AcceptGates gates) {
        figures.refusals(gates::refusals);
        figures.gauge("tollgate.client.connections.max", "Connections that the node may hold", gates::connectionsMax);
        figures.gauge("tollgate.client.connections.accepted", "Connections open, handshakes too", gates::open);
        figures.counter("tollgate.accept.pauses", "Times that the node was full and accepted nothing", gates::pauses);
        return this;
    }

    NodeFigures configuration(ActiveSnapshot active, SnapshotWatch watch) {
        figures.gauge("tollgate.snapshot.revision", "Revision that is served", () -> {
            CompiledSnapshot snapshot = active.get();
            return snapshot == null ? 0 : snapshot.revision();
        });
        figures.gauge("tollgate.snapshot.age.seconds", "Since the served revision was published here", () -> {
            CompiledSnapshot snapshot = active.get();
            return snapshot == null ? 0 : (clock.epochMillis() - snapshot.publishedAtMillis()) / 1e3;
        });
        figures.gauge(
                "tollgate.snapshot.durable.revision",
                "Revision on disk",
                () -> watch.figures().durableRevision());
        figures.gauge(
                "tollgate.control.connected",
                "1 while the configuration stream is open",
                () -> watch.figures().peer() == null ? 0 : 1);
        figures.counter(
                "tollgate.updates.refused",
                "Configuration updates refused",
                () -> watch.figures().updatesRefused());
        return this;
    }

    /** @param member null where the streams are guarded otherwise */
    NodeFigures membership(@Nullable MembershipKeeper member) {
        if (member != null) {
            figures.gauge("tollgate.stream.certificate.not.after.seconds", "End of this node's own certificate", () -> {
                Membership held = member.current();
                return held == null ? 0 : held.notAfterMillis() / 1e3;
            });
        }
        return this;
    }

    NodeFigures limits(FailureTable failures, CounterTable rateCounts) {
        figures.counter(
                "tollgate.credential.failures",
                "Bad credentials that were counted for where they came from",
                failures::counted);
        figures.counter(
                "tollgate.rate.limit.callers.forgotten",
                "Callers whose place was needed by others while they still owed a rate limit something",
                rateCounts::forgotten);
        return this;
    }

    NodeFigures handshakes(HandshakeCounters handshakes, TlsStack stack) {
        for (HandshakeCounters.End end : HandshakeCounters.End.values()) {
            figures.counter(
                    "tollgate.tls.handshakes",
                    "TLS handshakes with clients that ended",
                    Tags.of("outcome", end.outcome(), "version", end.version(), "stack", stack.word()),
                    () -> handshakes.count(end));
        }
        return this;
    }

    NodeFigures listeners(Supplier<List<ListenerStanding>> standings) {
        figures.gauge(
                "tollgate.listeners.failed",
                "Listeners of the configuration that cannot be opened",
                () -> standings.get().stream()
                        .filter(standing -> !standing.listening())
                        .count());
        return this;
    }

    NodeFigures usage(UsageReporter reporter, List<UsageJournal> journals) {
        figures.gauge(
                "tollgate.journal.segments.waiting",
                "Sealed segments without a receipt",
                () -> reporter.figures().segmentsWaiting());
        figures.gauge(
                "tollgate.journal.bytes",
                "Disk that the journal takes",
                () -> reporter.figures().journalBytes());
        figures.gauge("tollgate.journal.oldest.seconds", "Age of the oldest segment without a receipt", () -> {
            long sealedAtMillis = reporter.figures().oldestSealedAtMillis();
            return sealedAtMillis == 0 ? 0 : (clock.epochMillis() - sealedAtMillis) / 1e3;
        });
        figures.counter(
                "tollgate.usage.batches.counted",
                "Batches in the ledger",
                () -> reporter.figures().batchesCounted());
        figures.counter(
                "tollgate.usage.batches.refused",
                "Batches set aside",
                () -> reporter.figures().batchesRefused());
        figures.counter(
                "tollgate.unmetered.requests",
                "Calls served without being metered",
                () -> journals.stream().mapToLong(UsageJournal::unmeteredTotal).sum());
        return this;
    }

    NodeFigures credentials(CredentialFigures checked) {
        figures.gauge("tollgate.credential.checks.waiting", "Checks of credentials that wait", checked::checksWaiting);
        figures.counter(
                "tollgate.credential.checks.refused",
                "Checks of credentials that were not made, since too many waited",
                checked::checksRefused);
        figures.gauge("tollgate.tokens.cached", "Good tokens that are remembered", checked::goodTokens);
        figures.gauge("tollgate.tokens.bad.cached", "Bad tokens that are remembered", checked::badTokens);
        figures.gauge("tollgate.passwords.cached", "Right passwords that are remembered", checked::goodPasswords);
        figures.counter(
                "tollgate.jwks.fetches", "Fetches of issuers' keys", Tags.of("outcome", "success"), checked::fetches);
        figures.counter(
                "tollgate.jwks.fetches",
                "Fetches of issuers' keys",
                Tags.of("outcome", "failure"),
                checked::fetchFailures);
        figures.gauge("tollgate.jwks.missing", "Issuers whose keys are not there", checked::issuersWithoutKeys);
        figures.gauge("tollgate.jwks.age.seconds", "Age of the oldest fetched keys", checked::oldestSeconds);
        figures.gauge("tollgate.introspection.asked", "Questions about tokens on their way", checked::questionsAsked);
        introspections("active", checked::activeAnswers);
        introspections("inactive", checked::inactiveAnswers);
        introspections("failure", checked::failedQuestions);
        introspections("refused", checked::refusedQuestions);
        return this;
    }

    private void introspections(String outcome, Supplier<Number> count) {
        figures.counter("tollgate.introspections", "Questions about tokens", Tags.of("outcome", outcome), count);
    }

    /** @param log null when there is none */
    NodeFigures accessLog(@Nullable AccessLog log) {
        if (log != null) {
            figures.counter("tollgate.access.log.written", "Lines that their destination took", log::written);
            for (DropReason reason : DropReason.values()) {
                figures.counter(
                        "tollgate.access.log.dropped",
                        "Lines that the access log lost",
                        Tags.of("reason", reason.word()),
                        () -> log.dropped(reason));
            }
        }
        return this;
    }

    /** @param traced null when nothing is traced */
    NodeFigures traces(@Nullable Traces traced) {
        if (traced != null) {
            figures.counter(
                    "tollgate.trace.spans.exported",
                    "Spans that the collector took",
                    () -> traced.figures().exported());
            figures.counter(
                    "tollgate.trace.spans.failed",
                    "Spans that were sent and not taken",
                    () -> traced.figures().failed());
            figures.counter(
                    "tollgate.trace.spans.dropped",
                    "Spans that never left, since the queue was full",
                    () -> traced.figures().dropped());
        }
        return this;
    }
}
