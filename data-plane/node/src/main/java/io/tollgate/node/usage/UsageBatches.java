package io.tollgate.node.usage;

import com.google.protobuf.ByteString;
import io.tollgate.proto.usage.v1.OutcomeClass;
import io.tollgate.proto.usage.v1.UsageBatch;
import io.tollgate.proto.usage.v1.UsageRow;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Sealed segment to batch: rows in slot order, so the same file always yields the same bytes. Reporter thread only. */
final class UsageBatches {
    private UsageBatches() {}

    static UsageBatch of(Segment segment) {
        UsageBatch.Builder batch = UsageBatch.newBuilder()
                .setNodeId(segment.nodeId())
                .setBootEpoch(segment.name().bootEpoch())
                .setSequence(segment.name().sequence())
                .setSealedAtMillis(segment.sealedAtMillis())
                .setUnmeteredRequests(segment.unmetered());
        MessageDigest digest = sha256();
        for (int slot = 0; slot < segment.slotsUsed(); slot++) {
            if (segment.requests(slot) == 0) {
                continue;
            }
            UsageRow row = row(segment, slot);
            digest.update(row.toByteArray());
            batch.addRows(row);
        }
        return batch.setDigest(ByteString.copyFrom(digest.digest())).build();
    }

    private static UsageRow row(Segment segment, int slot) {
        return UsageRow.newBuilder()
                .setConsumerId(id(segment, slot, SegmentLayout.CONSUMER_AT))
                .setCredentialId(id(segment, slot, SegmentLayout.CREDENTIAL_AT))
                .setPlanId(id(segment, slot, SegmentLayout.PLAN_AT))
                .setRouteId(id(segment, slot, SegmentLayout.ROUTE_AT))
                .setOutcomeClass(OutcomeClass.forNumber(segment.outcomeClassNumber(slot)))
                .setMinute(segment.minute(slot))
                .setRequests(segment.requests(slot))
                .setRequestBytes(segment.requestBytes(slot))
                .setResponseBytes(segment.responseBytes(slot))
                .build();
    }

    private static String id(Segment segment, int slot, int at) {
        long high = segment.key(slot, at);
        long low = segment.key(slot, at + 8);
        return high == 0 && low == 0 ? "" : new UUID(high, low).toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
