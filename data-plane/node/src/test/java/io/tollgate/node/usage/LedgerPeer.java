package io.tollgate.node.usage;

import io.grpc.stub.StreamObserver;
import io.tollgate.proto.usage.v1.UsageBatch;
import io.tollgate.proto.usage.v1.UsageReceipt;
import io.tollgate.proto.usage.v1.UsageStreamServiceGrpc.UsageStreamServiceImplBase;
import io.tollgate.proto.usage.v1.UsageVerdict;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A ledger in memory at the far end of the usage stream: counts a name once and answers as the test wants. */
final class LedgerPeer extends UsageStreamServiceImplBase {
    /** How a batch is answered. */
    interface Rule {
        /** The verdict; null says nothing. */
        @Nullable
        UsageVerdict answer(UsageBatch batch);
    }

    private final Map<String, UsageBatch> ledger = new ConcurrentHashMap<>();
    private final List<UsageBatch> seen = new CopyOnWriteArrayList<>();
    private volatile Rule rule = batch -> UsageVerdict.USAGE_VERDICT_COUNTED;

    void answer(Rule newRule) {
        rule = newRule;
    }

    /** Batches that were counted, each once. */
    Collection<UsageBatch> counted() {
        return ledger.values();
    }

    /** Everything that came, repeats too. */
    List<UsageBatch> seen() {
        return seen;
    }

    @Override
    public StreamObserver<UsageBatch> report(StreamObserver<UsageReceipt> receipts) {
        return new StreamObserver<>() {
            @Override
            public void onNext(UsageBatch batch) {
                seen.add(batch);
                UsageVerdict verdict = rule.answer(batch);
                if (verdict == UsageVerdict.USAGE_VERDICT_COUNTED) {
                    UsageBatch before = ledger.putIfAbsent(batch.getBootEpoch() + "-" + batch.getSequence(), batch);
                    if (before != null && !before.equals(batch)) {
                        verdict = UsageVerdict.USAGE_VERDICT_REFUSED;
                    }
                }
                if (verdict != null) {
                    receipts.onNext(UsageReceipt.newBuilder()
                            .setNodeId(batch.getNodeId())
                            .setBootEpoch(batch.getBootEpoch())
                            .setSequence(batch.getSequence())
                            .setVerdict(verdict)
                            .setDetail("as the test wants")
                            .build());
                }
            }

            @Override
            public void onError(Throwable gone) {
                // The node closed the stream or was closed.
            }

            @Override
            public void onCompleted() {
                receipts.onCompleted();
            }
        };
    }
}
