package io.tollgate.controlplane.usage;

import com.google.protobuf.ByteString;
import io.tollgate.proto.usage.v1.OutcomeClass;
import io.tollgate.proto.usage.v1.UsageBatch;
import io.tollgate.proto.usage.v1.UsageRow;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/** A batch whose every field has been judged, its rows summed by key and sorted. Immutable. */
record CheckedBatch(
        String nodeId,
        long bootEpoch,
        long sequence,
        byte[] digest,
        int rows,
        long requests,
        long unmeteredRequests,
        Instant sealedAt,
        SortedMap<UsageKey, UsageCount> counts) {
    /** A count beyond this is no count but a broken file; the bound also keeps every sum within a long. */
    static final long COUNT_MAX = 1L << 50;

    /** More rows than a segment has slots. */
    static final int ROWS_MAX = 200_000;

    /** The year 9999. */
    private static final long MINUTE_MAX = 4_223_376_000L;

    private static final long MILLIS_PER_MINUTE = 60_000;
    private static final Pattern NODE_ID = Pattern.compile("[a-z0-9-]{1,63}");
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final UUID UNKNOWN = new UUID(0, 0);

    /** It can never be counted, and why. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        private Malformed(String detail) {
            super(detail, null, false, false);
        }
    }

    static CheckedBatch of(UsageBatch batch) throws Malformed {
        require(NODE_ID.matcher(batch.getNodeId()).matches(), "node_id", "1 to 63 characters of a-z, 0-9 and -");
        require(batch.getBootEpoch() > 0, "boot_epoch", "a number from 1");
        require(batch.getSequence() >= 0, "sequence", "a number from 0");
        require(batch.getRowsCount() <= ROWS_MAX, "rows", "at most " + ROWS_MAX);
        require(isCount(batch.getUnmeteredRequests()), "unmetered_requests", "0 to " + COUNT_MAX);
        long sealedAtMillis = batch.getSealedAtMillis();
        require(
                sealedAtMillis >= 0 && sealedAtMillis / MILLIS_PER_MINUTE <= MINUTE_MAX,
                "sealed_at_millis",
                "a time from 1970 to 9999");
        MessageDigest sha256 = sha256();
        SortedMap<UsageKey, UsageCount> counts = new TreeMap<>();
        long requests = 0;
        for (int i = 0; i < batch.getRowsCount(); i++) {
            UsageRow row = batch.getRows(i);
            sha256.update(row.toByteArray());
            String at = "rows/" + i;
            UsageKey key = key(row, at);
            require(isCount(row.getRequests()), at + "/requests", "0 to " + COUNT_MAX);
            require(isCount(row.getRequestBytes()), at + "/request_bytes", "0 to " + COUNT_MAX);
            require(isCount(row.getResponseBytes()), at + "/response_bytes", "0 to " + COUNT_MAX);
            UsageCount count = new UsageCount(row.getRequests(), row.getRequestBytes(), row.getResponseBytes());
            try {
                counts.merge(key, count, UsageCount::plus);
                requests = Math.addExact(requests, count.requests());
            } catch (ArithmeticException e) {
                throw new Malformed(at + " (expected: sums within 63 bits)");
            }
        }
        byte[] digest = sha256.digest();
        require(ByteString.copyFrom(digest).equals(batch.getDigest()), "digest", "the SHA-256 of the rows");
        return new CheckedBatch(
                batch.getNodeId(),
                batch.getBootEpoch(),
                batch.getSequence(),
                digest,
                batch.getRowsCount(),
                requests,
                batch.getUnmeteredRequests(),
                Instant.ofEpochMilli(sealedAtMillis),
                counts);
    }

    private static UsageKey key(UsageRow row, String at) throws Malformed {
        require(row.getMinute() >= 0 && row.getMinute() <= MINUTE_MAX, at + "/minute", "minutes since 1970, to 9999");
        return new UsageKey(
                row.getMinute(),
                id(row.getConsumerId(), at + "/consumer_id"),
                id(row.getCredentialId(), at + "/credential_id"),
                id(row.getPlanId(), at + "/plan_id"),
                id(row.getRouteId(), at + "/route_id"),
                outcomeClass(row.getOutcomeClass(), at + "/outcome_class"));
    }

    private static UUID id(String text, String field) throws Malformed {
        if (text.isEmpty()) {
            return UNKNOWN;
        }
        require(UUID_TEXT.matcher(text).matches(), field, "a UUID in lower case, or nothing");
        return UUID.fromString(text);
    }

    private static String outcomeClass(OutcomeClass outcomeClass, String field) throws Malformed {
        return switch (outcomeClass) {
            case OUTCOME_CLASS_SUCCESS -> "success";
            case OUTCOME_CLASS_CLIENT_ERROR -> "client-error";
            case OUTCOME_CLASS_SERVER_ERROR -> "server-error";
            case OUTCOME_CLASS_REFUSED -> "refused";
            case OUTCOME_CLASS_FAILED -> "failed";
            case OUTCOME_CLASS_ABORTED -> "aborted";
            case OUTCOME_CLASS_UNSPECIFIED, UNRECOGNIZED -> throw new Malformed(field + " (expected: a known class)");
        };
    }

    private static boolean isCount(long value) {
        return value >= 0 && value <= COUNT_MAX;
    }

    private static void require(boolean holds, String field, String expected) throws Malformed {
        if (!holds) {
            throw new Malformed(field + " (expected: " + expected + ")");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
