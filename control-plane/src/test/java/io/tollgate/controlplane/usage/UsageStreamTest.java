package io.tollgate.controlplane.usage;

import static io.tollgate.controlplane.Scraped.figure;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.stream.StreamServer;
import io.tollgate.proto.usage.v1.OutcomeClass;
import io.tollgate.proto.usage.v1.UsageBatch;
import io.tollgate.proto.usage.v1.UsageReceipt;
import io.tollgate.proto.usage.v1.UsageRow;
import io.tollgate.proto.usage.v1.UsageVerdict;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
final class UsageStreamTest {
    private static final long MINUTE = 29_000_000;

    @Inject
    StreamServer server;

    @Inject
    AgroalDataSource database;

    @Test
    void batch_sentTwice_countsOnce() throws SQLException {
        String consumer = UUID.randomUUID().toString();
        UsageBatch batch = batch("twice", 1, row(consumer, 3), row(consumer, 4));
        try (TestReporter reporter = new TestReporter(server.port())) {
            assertThat(reporter.report(batch).getVerdict()).isEqualTo(UsageVerdict.USAGE_VERDICT_COUNTED);
            assertThat(reporter.report(batch).getVerdict()).isEqualTo(UsageVerdict.USAGE_VERDICT_COUNTED);
        }
        try (TestReporter again = new TestReporter(server.port())) {
            assertThat(again.report(batch).getVerdict()).isEqualTo(UsageVerdict.USAGE_VERDICT_COUNTED);
        }
        assertThat(requestsOf(consumer)).isEqualTo(7);
    }

    @Test
    void credential_thatGotThrough_isKnownAsUsed_andNeverLessLately() throws SQLException {
        String credential = UUID.randomUUID().toString();
        String refused = UUID.randomUUID().toString();
        UsageRow used = row(UUID.randomUUID().toString(), 1).toBuilder()
                .setCredentialId(credential)
                .setMinute(MINUTE)
                .build();
        try (TestReporter reporter = new TestReporter(server.port())) {
            reporter.report(batch(
                    "use",
                    1,
                    used,
                    used.toBuilder().setMinute(MINUTE - 5).build(),
                    used.toBuilder()
                            .setMinute(MINUTE + 9)
                            .setOutcomeClass(OutcomeClass.OUTCOME_CLASS_REFUSED)
                            .build(),
                    used.toBuilder()
                            .setCredentialId(refused)
                            .setOutcomeClass(OutcomeClass.OUTCOME_CLASS_REFUSED)
                            .build()));
            assertThat(lastUsed(credential)).isEqualTo(MINUTE * 60);
            reporter.report(
                    batch("use", 2, used.toBuilder().setMinute(MINUTE - 1).build()));
            assertThat(lastUsed(credential)).isEqualTo(MINUTE * 60);
            reporter.report(
                    batch("use", 3, used.toBuilder().setMinute(MINUTE + 1).build()));
            assertThat(lastUsed(credential)).isEqualTo((MINUTE + 1) * 60);
            // A clock that is years ahead does not hide what comes.
            reporter.report(
                    batch("use", 4, used.toBuilder().setMinute(MINUTE * 2).build()));
            assertThat(lastUsed(credential)).isLessThanOrEqualTo(Instant.now().getEpochSecond());
            assertThat(number("select count(*) from credential_use where credential_id = '" + refused + "'"))
                    .isZero();
        }
    }

    private long lastUsed(String credential) throws SQLException {
        return number("select extract(epoch from last_used_at)::bigint from credential_use where credential_id = '"
                + credential + "'");
    }

    @Test
    void batch_withIdentityOfAnother_isRefusedAndAddsNothing() throws SQLException {
        String consumer = UUID.randomUUID().toString();
        try (TestReporter reporter = new TestReporter(server.port())) {
            reporter.report(batch("conflict", 1, row(consumer, 3)));
            UsageReceipt receipt = reporter.report(batch("conflict", 1, row(consumer, 4)));
            assertThat(receipt.getVerdict()).isEqualTo(UsageVerdict.USAGE_VERDICT_REFUSED);
            assertThat(receipt.getDetail()).contains("another batch");
        }
        assertThat(requestsOf(consumer)).isEqualTo(3);
    }

    @Test
    void batch_thatIsMalformed_isRefusedAndAddsNothing() throws SQLException {
        String consumer = UUID.randomUUID().toString();
        UsageRow good = row(consumer, 1);
        List<UsageBatch> bad = List.of(
                batch("bad", 1, good.toBuilder().setConsumerId("acme").build()),
                batch("bad", 2, good.toBuilder().setRouteId("A".repeat(36)).build()),
                batch("bad", 3, good, good.toBuilder().setRequests(-1).build()),
                batch(
                        "bad",
                        4,
                        good.toBuilder().setResponseBytes(Long.MAX_VALUE).build()),
                batch("bad", 5, good.toBuilder().clearOutcomeClass().build()),
                batch("bad", 6, good.toBuilder().setOutcomeClassValue(99).build()),
                batch("bad", 7, good.toBuilder().setMinute(-1).build()),
                batch("bad", 8, good.toBuilder().setMinute(Long.MAX_VALUE).build()),
                batch("bad", 9, good).toBuilder()
                        .setDigest(ByteString.copyFrom(new byte[32]))
                        .build(),
                batch("bad", 10, good).toBuilder().clearDigest().build(),
                batch("Bad Node", 11, good),
                batch("bad", 12, good).toBuilder().setBootEpoch(0).build(),
                batch("bad", -1, good),
                batch("bad", 13, good).toBuilder().setUnmeteredRequests(-5).build());
        try (TestReporter reporter = new TestReporter(server.port())) {
            for (UsageBatch batch : bad) {
                UsageReceipt receipt = reporter.report(batch);
                assertThat(receipt.getVerdict()).as(batch.toString()).isEqualTo(UsageVerdict.USAGE_VERDICT_REFUSED);
                assertThat(receipt.getSequence()).isEqualTo(batch.getSequence());
                assertThat(receipt.getDetail()).contains("expected");
            }
        }
        assertThat(requestsOf(consumer)).isZero();
    }

    @Test
    void emptyIds_areCountedAsUnknown() throws SQLException {
        UsageRow row = UsageRow.newBuilder()
                .setOutcomeClass(OutcomeClass.OUTCOME_CLASS_REFUSED)
                .setMinute(MINUTE - 77)
                .setRequests(5)
                .build();
        try (TestReporter reporter = new TestReporter(server.port())) {
            assertThat(reporter.report(batch("unknown", 1, row)).getVerdict())
                    .isEqualTo(UsageVerdict.USAGE_VERDICT_COUNTED);
        }
        assertThat(number("select sum(requests) from usage_minute where minute = to_timestamp(" + (MINUTE - 77) * 60
                        + ") and consumer_id = '00000000-0000-0000-0000-000000000000' and outcome_class = 'refused'"))
                .isEqualTo(5);
    }

    @Test
    void batches_ofManyNodesWithCommonKeysAtOnce_sumUpExactly() throws InterruptedException, SQLException {
        long seed = System.nanoTime();
        System.out.println("batches_ofManyNodesWithCommonKeysAtOnce_sumUpExactly seed=" + seed);
        Random random = new Random(seed);
        List<String> consumers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            consumers.add(UUID.randomUUID().toString());
        }
        long expected = 0;
        List<List<UsageBatch>> byNode = new ArrayList<>();
        for (int node = 0; node < 6; node++) {
            List<UsageBatch> batches = new ArrayList<>();
            for (int sequence = 0; sequence < 15; sequence++) {
                List<UsageRow> rows = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    int requests = random.nextInt(1_000);
                    expected += requests;
                    rows.add(row(consumers.get(random.nextInt(consumers.size())), requests));
                }
                batches.add(batch("crowd-" + node, sequence, rows.toArray(UsageRow[]::new)));
            }
            byNode.add(batches);
        }
        CountDownLatch done = new CountDownLatch(byNode.size() * 2);
        List<UsageVerdict> verdicts = java.util.Collections.synchronizedList(new ArrayList<>());
        for (List<UsageBatch> batches : byNode) {
            // Each node reports everything over two streams at once, as after a lost connection.
            for (int stream = 0; stream < 2; stream++) {
                new Thread(() -> {
                            try (TestReporter reporter = new TestReporter(server.port())) {
                                batches.forEach(batch ->
                                        verdicts.add(reporter.report(batch).getVerdict()));
                            } finally {
                                done.countDown();
                            }
                        })
                        .start();
            }
        }
        done.await();
        assertThat(verdicts).hasSize(6 * 15 * 2).containsOnly(UsageVerdict.USAGE_VERDICT_COUNTED);
        long counted = 0;
        for (String consumer : consumers) {
            counted += requestsOf(consumer);
        }
        assertThat(counted).isEqualTo(expected);
    }

    @Test
    void reporter_withoutJoinToken_isUnauthenticated() {
        assertThat(TestReporter.statusWithToken(server.port(), "wrong")).isEqualTo(io.grpc.Status.Code.UNAUTHENTICATED);
    }

    @Test
    void batches_areToldByWhatBecameOfThem() {
        String counted = "tollgate_control_usage_batches_total{verdict=\"counted\"}";
        String refused = "tollgate_control_usage_batches_total{verdict=\"refused\"}";
        String requests = "tollgate_control_usage_requests_total";
        String consumer = UUID.randomUUID().toString();
        try (TestReporter reporter = new TestReporter(server.port())) {
            reporter.report(batch("figures", 1, row(consumer, 2)));
            double countedBefore = figure(counted);
            double refusedBefore = figure(refused);
            double requestsBefore = figure(requests);
            reporter.report(batch("figures", 2, row(consumer, 3)));
            reporter.report(batch("figures", 2, row(consumer, 3)));
            reporter.report(batch("figures", 1, row(consumer, 4)));

            assertThat(figure(counted)).isEqualTo(countedBefore + 2);
            assertThat(figure(refused)).isEqualTo(refusedBefore + 1);
            assertThat(figure(requests)).as("once, however often it came").isEqualTo(requestsBefore + 3);
        }
    }

    static UsageRow row(String consumer, long requests) {
        return UsageRow.newBuilder()
                .setConsumerId(consumer)
                .setOutcomeClass(OutcomeClass.OUTCOME_CLASS_SUCCESS)
                .setMinute(MINUTE)
                .setRequests(requests)
                .setRequestBytes(requests * 10)
                .setResponseBytes(requests * 100)
                .build();
    }

    static UsageBatch batch(String node, long sequence, UsageRow... rows) {
        return TestReporter.batch(node, sequence, UnaryOperator.identity(), rows);
    }

    private long requestsOf(String consumer) throws SQLException {
        return number("select coalesce(sum(requests), 0) from usage_minute where consumer_id = '" + consumer + "'");
    }

    private long number(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
