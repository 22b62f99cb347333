package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.as;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.plan;
import static io.tollgate.controlplane.admin.AdminClient.put;
import static io.tollgate.controlplane.admin.AdminClient.route;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.stream.StreamServer;
import io.tollgate.controlplane.usage.TestReporter;
import io.tollgate.proto.usage.v1.OutcomeClass;
import io.tollgate.proto.usage.v1.UsageRow;
import io.tollgate.proto.usage.v1.UsageVerdict;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nodes reported, as operators and invoices see it. Each test has a day of its own. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class UsageResourceTest {
    private static final AtomicLong DAYS = new AtomicLong();

    @Inject
    StreamServer server;

    private Instant day;
    private String acme;
    private String acmeId;
    private String key;
    private String keyId;
    private String planId;
    private String routeId;

    @BeforeEach
    void acmeHasCalled() {
        day = Instant.parse("2031-01-01T00:00:00Z").plus(2 * DAYS.getAndIncrement(), ChronoUnit.DAYS);
        acme = unique("acme");
        put("/v1/consumers/" + acme, "{\"name\": \"" + acme + "\", \"billing_id\": \"B,\\\"7\\\"\"}");
        acmeId = admin().get("/v1/consumers/" + acme).path("id");
        key = unique("key");
        keyId = created("/v1/consumers/" + acme + "/keys", "{\"name\": \"" + key + "\"}")
                .path("id");
        plan("gold");
        planId = admin().get("/v1/plans/gold").path("id");
        route("pets");
        routeId = admin().get("/v1/routes/pets").path("id");
        report(
                2,
                row(0, OutcomeClass.OUTCOME_CLASS_SUCCESS, 3),
                row(1, OutcomeClass.OUTCOME_CLASS_SUCCESS, 4),
                row(61, OutcomeClass.OUTCOME_CLASS_CLIENT_ERROR, 5),
                row(24 * 60 - 1, OutcomeClass.OUTCOME_CLASS_SUCCESS, 6),
                row(24 * 60, OutcomeClass.OUTCOME_CLASS_SUCCESS, 7),
                UsageRow.newBuilder()
                        .setMinute(day.getEpochSecond() / 60)
                        .setOutcomeClass(OutcomeClass.OUTCOME_CLASS_REFUSED)
                        .setRequests(8)
                        .build());
    }

    private UsageRow row(long minute, OutcomeClass outcome, long requests) {
        return UsageRow.newBuilder()
                .setConsumerId(acmeId)
                .setCredentialId(keyId)
                .setPlanId(planId)
                .setRouteId(routeId)
                .setMinute(day.getEpochSecond() / 60 + minute)
                .setOutcomeClass(outcome)
                .setRequests(requests)
                .setRequestBytes(requests * 10)
                .setResponseBytes(requests * 100)
                .build();
    }

    private void report(long unmetered, UsageRow... rows) {
        try (TestReporter reporter = new TestReporter(server.port())) {
            assertThat(reporter.report(TestReporter.batch(
                                    unique("usage"),
                                    1,
                                    batch -> batch.setUnmeteredRequests(unmetered)
                                            .setSealedAtMillis(day.toEpochMilli()),
                                    rows))
                            .getVerdict())
                    .isEqualTo(UsageVerdict.USAGE_VERDICT_COUNTED);
        }
    }

    private String days(int days) {
        return "?from=" + day + "&to=" + day.plus(days, ChronoUnit.DAYS);
    }

    @Test
    void total_groupedByNothingLess_namesEverything() {
        Response page = admin().get("/v1/usage" + days(1) + "&consumer=" + acme + "&outcome_class=success");
        page.then()
                .statusCode(200)
                .body("items.size()", equalTo(1))
                .body("items[0].interval_start", equalTo(day.toString()))
                .body("items[0].consumer", equalTo(acme))
                .body("items[0].consumer_id", equalTo(acmeId))
                .body("items[0].billing_id", equalTo("B,\"7\""))
                .body("items[0].key", equalTo(key))
                .body("items[0].key_id", equalTo(keyId))
                .body("items[0].plan", equalTo("gold"))
                .body("items[0].route", equalTo("pets"))
                .body("items[0].outcome_class", equalTo("success"))
                .body("items[0].requests", equalTo(13))
                .body("items[0].request_bytes", equalTo(130))
                .body("items[0].response_bytes", equalTo(1300))
                .body("totals.requests", equalTo(13));
        admin().header("If-None-Match", page.header("ETag"))
                .get("/v1/usage" + days(1) + "&consumer=" + acme + "&outcome_class=success")
                .then()
                .statusCode(304);
    }

    @Test
    void interval_cutsInUtc_andTheEndCountsNoMore() {
        sums(
                "minute",
                2,
                List.of(
                        day.toString(),
                        day.plusSeconds(60).toString(),
                        day.plusSeconds(3660).toString(),
                        day.plusSeconds(86_340).toString(),
                        day.plusSeconds(86_400).toString()),
                List.of(11, 4, 5, 6, 7));
        sums(
                "hour",
                2,
                List.of(
                        day.toString(),
                        day.plusSeconds(3600).toString(),
                        day.plusSeconds(82_800).toString(),
                        day.plusSeconds(86_400).toString()),
                List.of(15, 5, 6, 7));
        sums("day", 2, List.of(day.toString(), day.plusSeconds(86_400).toString()), List.of(26, 7));
        sums("day", 1, List.of(day.toString()), List.of(26));
        sums("total", 2, List.of(day.toString()), List.of(33));
    }

    private void sums(String interval, int days, List<String> starts, List<Integer> requests) {
        // Grouped by one thing, and summed over it, since a question always groups by something.
        Response page =
                admin().get("/v1/usage" + days(days) + "&limit=500&group_by=outcome_class&interval=" + interval);
        List<String> seen = page.<List<String>>path("items.interval_start").stream()
                .distinct()
                .toList();
        assertThat(seen).as(interval).containsExactlyElementsOf(starts);
        for (int i = 0; i < starts.size(); i++) {
            assertThat(page.<Integer>path(
                            "items.findAll { it.interval_start == '" + starts.get(i) + "' }.requests.sum()"))
                    .as("%s %s", interval, starts.get(i))
                    .isEqualTo(requests.get(i));
        }
    }

    @Test
    void grouping_leavesOutTheOthers_andTotalsStay() {
        admin().get("/v1/usage" + days(1) + "&group_by=outcome_class")
                .then()
                .body("items.outcome_class", contains("client-error", "refused", "success"))
                .body("items.requests", contains(5, 8, 13))
                .body("items[0].consumer_id", nullValue())
                .body("totals.requests", equalTo(26))
                .body("totals.unmetered_requests", equalTo(2));
        admin().get("/v1/usage" + days(1) + "&group_by=consumer,route")
                .then()
                .body("items.requests", containsInAnyOrder(8, 18))
                .body("items.find { it.requests == 8 }.consumer_id", nullValue())
                .body("items[0].outcome_class", nullValue());
    }

    @Test
    void filters_byNameOrId() {
        for (String filter : List.of(
                "consumer=" + acme,
                "consumer=" + acmeId,
                "key=" + keyId,
                "plan=" + planId,
                "route=pets",
                "route=" + routeId)) {
            admin().get("/v1/usage" + days(1) + "&" + filter).then().body("totals.requests", equalTo(18));
        }
        admin().get("/v1/usage" + days(1) + "&outcome_class=refused").then().body("totals.requests", equalTo(8));
        String other = unique("other");
        consumer(other);
        admin().get("/v1/usage" + days(1) + "&consumer=" + other)
                .then()
                .body("items", empty())
                .body("totals.requests", equalTo(0));
        admin().get("/v1/usage" + days(1) + "&consumer=nobody").then().statusCode(404);
    }

    @Test
    void pages_giveEveryRowOnce() {
        List<String> rows = new ArrayList<>();
        String cursor = null;
        do {
            Response page = admin().get("/v1/usage" + days(2) + "&interval=minute&limit=2"
                    + (cursor == null ? "" : "&cursor=" + cursor));
            page.then().statusCode(200).body("totals.requests", equalTo(33));
            page.<List<Object>>path("items").forEach(item -> rows.add(item.toString()));
            cursor = page.path("next_cursor");
        } while (cursor != null);
        assertThat(rows).hasSize(6).doesNotHaveDuplicates();
        String other =
                admin().get("/v1/usage" + days(2) + "&interval=minute&limit=2").path("next_cursor");
        admin().get("/v1/usage" + days(2) + "&interval=hour&cursor=" + other)
                .then()
                .statusCode(400);
    }

    @Test
    void deletedConsumer_isNamedAllTheSame() {
        admin().header("If-Match", etag("/v1/consumers/" + acme))
                .delete("/v1/consumers/" + acme)
                .then()
                .statusCode(204);
        for (String nameOrId : List.of(acme, acmeId)) {
            admin().get("/v1/usage" + days(1) + "&group_by=consumer,key&consumer=" + nameOrId)
                    .then()
                    .statusCode(200)
                    .body("items[0].consumer", equalTo(acme))
                    .body("items[0].billing_id", equalTo("B,\"7\""))
                    .body("items[0].key", equalTo(key))
                    .body("items[0].requests", equalTo(18));
        }
    }

    @Test
    void question_thatIsNone_isRefusedByField() {
        admin().get("/v1/usage").then().statusCode(400).body("errors.pointer", containsInAnyOrder("from", "to"));
        admin().get("/v1/usage?from=now&to=2031-01-01T00:00:00Z")
                .then()
                .statusCode(400)
                .body("errors.pointer", contains("from"));
        admin().get("/v1/usage?from=2031-01-01T00:00:01Z&to=2031-01-02T00:00:00Z")
                .then()
                .statusCode(422)
                .body("errors[0].detail", containsString("expected: a whole minute"));
        admin().get("/v1/usage?from=2031-01-02T00:00:00Z&to=2031-01-02T00:00:00Z")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("to"));
        for (String bad : List.of(
                "interval=week",
                "group_by=colour",
                "group_by=consumer,colour",
                "outcome_class=odd",
                "key=one",
                "limit=0")) {
            admin().get("/v1/usage" + days(1) + "&" + bad).then().statusCode(400);
        }
        admin().get("/v1/usage/export" + days(1) + "&route=pets").then().statusCode(400);
    }

    @Test
    void export_isTheSameSumsAsCsv() {
        Response export = as("billing").get("/v1/usage/export" + days(1) + "&consumer=" + acme);
        export.then().statusCode(200).header("Content-Disposition", containsString("usage.csv"));
        assertThat(export.contentType()).startsWith("text/csv");
        String row = day + "," + acmeId + "," + acme + ",\"B,\"\"7\"\"\"," + keyId + "," + key + "," + planId + ",gold,"
                + routeId + ",pets,";
        assertThat(export.asString())
                .isEqualTo(
                        "interval_start,consumer_id,consumer,billing_id,key_id,key,plan_id,plan,route_id,route,outcome_class,"
                                + "requests,request_bytes,response_bytes\r\n"
                                + row + "client-error,5,50,500\r\n"
                                + row + "success,13,130,1300\r\n");
        assertThat(admin().get("/v1/usage/export" + days(2)
                                + "&group_by=outcome_class&interval=day&outcome_class=success")
                        .asString())
                .endsWith("response_bytes\r\n"
                        + day + ",,,,,,,,,,success,13,130,1300\r\n"
                        + day.plusSeconds(86_400) + ",,,,,,,,,,success,7,70,700\r\n");
        // Sum of the rows is what the totals say.
        long requests = admin().get("/v1/usage/export" + days(2) + "&interval=minute")
                .asString()
                .lines()
                .skip(1)
                .mapToLong(line -> Long.parseLong(line.split(",", -1)[line.split(",", -1).length - 3]))
                .sum();
        admin().get("/v1/usage" + days(2)).then().body("totals.requests", equalTo((int) requests));
        admin().get("/v1/usage/export" + days(1) + "&consumer=nobody").then().statusCode(404);
    }
}
