package io.tollgate.controlplane.usage;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tollgate.proto.usage.v1.UsageBatch;
import io.tollgate.proto.usage.v1.UsageReceipt;
import io.tollgate.proto.usage.v1.UsageStreamServiceGrpc;
import io.tollgate.proto.usage.v1.UsageVerdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Takes usage batches from nodes, a receipt for each. A batch is entered on the thread that brought it; until it is, no further
 * one of the same stream is read, so a slow database slows the nodes' sending and nothing piles up here. Shared; blocks.
 */
@ApplicationScoped
public class UsageStream extends UsageStreamServiceGrpc.UsageStreamServiceImplBase {
    /** SQL states of class 22 are about the data, which will be the same next time. */
    private static final String STATE_CLASS_DATA = "22";

    private static final List<UsageVerdict> VERDICTS = List.of(
            UsageVerdict.USAGE_VERDICT_COUNTED, UsageVerdict.USAGE_VERDICT_REFUSED, UsageVerdict.USAGE_VERDICT_RETRY);

    private static final Logger LOG = Logger.getLogger(UsageStream.class);

    private static final String VERDICT_PREFIX = "USAGE_VERDICT_";

    private final UsageLedger ledger;
    private final Map<UsageVerdict, Counter> batches = new EnumMap<>(UsageVerdict.class);
    private final Counter requests;

    UsageStream(UsageLedger ledger, MeterRegistry figures) {
        this.ledger = ledger;
        for (UsageVerdict verdict : VERDICTS) {
            String word = verdict.name().substring(VERDICT_PREFIX.length()).toLowerCase(Locale.ROOT);
            batches.put(
                    verdict,
                    Counter.builder("tollgate.control.usage.batches")
                            .description("Usage batches of nodes, by what became of them")
                            .tag("verdict", word)
                            .register(figures));
        }
        requests = Counter.builder("tollgate.control.usage.requests")
                .description("Requests that came into the ledger")
                .register(figures);
    }

    @Override
    public StreamObserver<UsageBatch> report(StreamObserver<UsageReceipt> receipts) {
        ServerCallStreamObserver<UsageReceipt> toNode = (ServerCallStreamObserver<UsageReceipt>) receipts;
        toNode.setOnCancelHandler(() -> LOG.debug("event=usage-stream-ended"));
        return new StreamObserver<>() {
            @Override
            public void onNext(UsageBatch batch) {
                UsageReceipt receipt = receipt(batch);
                Counter counted = batches.get(receipt.getVerdict());
                if (counted != null) {
                    counted.increment();
                }
                toNode.onNext(receipt);
            }

            @Override
            public void onError(Throwable failure) {
                LOG.debugf("event=usage-stream-broken cause=%s", failure.getMessage());
            }

            @Override
            public void onCompleted() {
                toNode.onCompleted();
            }
        };
    }

    private UsageReceipt receipt(UsageBatch batch) {
        UsageReceipt.Builder receipt = UsageReceipt.newBuilder()
                .setNodeId(batch.getNodeId())
                .setBootEpoch(batch.getBootEpoch())
                .setSequence(batch.getSequence());
        try {
            CheckedBatch checked = CheckedBatch.of(batch);
            switch (ledger.enter(checked)) {
                case COUNTED -> {
                    requests.increment(checked.requests());
                    receipt.setVerdict(UsageVerdict.USAGE_VERDICT_COUNTED);
                }
                case COUNTED_BEFORE ->
                    receipt.setVerdict(UsageVerdict.USAGE_VERDICT_COUNTED).setDetail("was in the ledger before");
                case CONFLICTING -> refuse(receipt, batch, "another batch has this node, epoch and sequence");
            }
        } catch (CheckedBatch.Malformed e) {
            refuse(receipt, batch, String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith(STATE_CLASS_DATA)) {
                refuse(receipt, batch, "the ledger cannot hold it: " + e.getMessage());
            } else {
                LOG.warnf(
                        "event=batch-postponed node=%s epoch=%d sequence=%d cause=%s",
                        batch.getNodeId(), batch.getBootEpoch(), batch.getSequence(), e.getMessage());
                receipt.setVerdict(UsageVerdict.USAGE_VERDICT_RETRY).setDetail("the database is away");
            }
        } catch (RuntimeException e) {
            // A bug must not cost a count: the node keeps the segment.
            LOG.errorf(
                    e,
                    "event=batch-failed node=%s epoch=%d sequence=%d",
                    batch.getNodeId(),
                    batch.getBootEpoch(),
                    batch.getSequence());
            receipt.setVerdict(UsageVerdict.USAGE_VERDICT_RETRY).setDetail("internal error");
        }
        return receipt.build();
    }

    private static void refuse(UsageReceipt.Builder receipt, UsageBatch batch, String detail) {
        LOG.errorf(
                "event=batch-refused node=%s epoch=%d sequence=%d detail=%s",
                batch.getNodeId(), batch.getBootEpoch(), batch.getSequence(), detail);
        receipt.setVerdict(UsageVerdict.USAGE_VERDICT_REFUSED).setDetail(detail);
    }
}
