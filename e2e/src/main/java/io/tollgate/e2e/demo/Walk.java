package io.tollgate.e2e.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The steps, in order; each throws when an answer is not the right one. One thread. */
final class Walk {
    private static final int CALLS_ALLOWED = 5;
    private static final int USAGE_SECONDS_MAX = 30;
    private static final String KEY_PATTERN = "tg_live_[0-9A-Za-z]{49}";
    private static final String CSV_HEADER =
            "interval_start,consumer_id,consumer,billing_id,key_id,key,plan_id,plan,route_id,route,"
                    + "outcome_class,requests,request_bytes,response_bytes";

    private final Stage stage;
    private final Admin admin;
    private final String proxy;
    private final int upstreamPort;
    private final String end;
    private final String path;
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.MINUTES);

    /** @param end what every name ends with; empty when the database is the demo's own */
    Walk(Stage stage, Admin admin, String proxy, int upstreamPort, String end) {
        this.stage = stage;
        this.admin = admin;
        this.proxy = proxy;
        this.upstreamPort = upstreamPort;
        this.end = end;
        this.path = "/pets" + end;
    }

    void run() throws DemoFailed, IOException, InterruptedException {
        createService();
        createRoute();
        createPlan();
        createConsumer();
        subscribe();
        String key = issueKey();
        callWithoutKey();
        callWithKey(key);
        callOffTheMap();
        callWithWrongMethod();
        callTooOften(key);
        readUsage();
        exportUsage();
        rotate(key);
        revoke(key);
        new Rollout(stage, admin, proxy, upstreamPort, end).run();
        readNodes();
        if (!end.isEmpty()) {
            tidyUp();
        }
    }

    private void createService() throws DemoFailed, IOException, InterruptedException {
        stage.step("A service: the API that stands behind the gateway (here the sample upstream).");
        String json = """
                {"name":"petstore%s","targets":[{"host":"127.0.0.1","port":%d}]}""".formatted(end, upstreamPort);
        Answer answer = stage.play(admin.post("/v1/services", json)).expectStatus(201);
        stage.right("201, at " + answer.header("Location") + ", version " + answer.header("ETag"));
    }

    private void createRoute() throws DemoFailed, IOException, InterruptedException {
        stage.step("A route: which requests go there.");
        String rewrite = end.isEmpty() ? "" : ",\"rewrite\":{\"replace_prefix\":\"/pets\"}";
        String json = """
                {"name":"pets%s","service":"petstore%s","methods":["GET"],"paths":[{"type":"prefix","value":"%s"}]%s}""".formatted(end, end, path, rewrite);
        Answer answer = stage.play(admin.post("/v1/routes", json)).expectStatus(201);
        stage.right("201, revision " + answer.header("Tollgate-Revision"));
    }

    private void createPlan() throws DemoFailed, IOException, InterruptedException {
        stage.step("A plan: what can be bought. This one is five calls an hour on that route.");
        String json = """
                {"name":"trial%s","routes":["pets%s"],"rate_limits":[{"requests":%d,"window_seconds":3600}]}""".formatted(end, end, CALLS_ALLOWED);
        stage.play(admin.post("/v1/plans", json)).expectStatus(201);
        stage.right("201");
    }

    private void createConsumer() throws DemoFailed, IOException, InterruptedException {
        stage.step("A consumer: a partner, with the number that the invoicing system knows it by.");
        String json = """
                {"name":"acme%s","billing_id":"C-1001"}""".formatted(end);
        stage.play(admin.post("/v1/consumers", json)).expectStatus(201);
        stage.right("201");
    }

    private void subscribe() throws DemoFailed, IOException, InterruptedException {
        stage.step("A subscription: the consumer takes the plan.");
        String json = """
                {"plan":"trial%s"}""".formatted(end);
        stage.play(admin.post(consumer() + "/subscriptions", json)).expectStatus(201);
        stage.right("201");
    }

    private String issueKey() throws DemoFailed, IOException, InterruptedException {
        stage.step("An API key, shown this once. Prefer: wait answers when every node enforces all of the above.");
        Call call = admin.post(consumer() + "/keys", "{\"name\":\"first\",\"environment\":\"live\"}")
                .header("Prefer", "wait=10");
        Answer answer = stage.play(call).expectStatus(201);
        String key = answer.json().path("secret").asText();
        if (!key.matches(KEY_PATTERN)) {
            throw new DemoFailed("a secret like " + KEY_PATTERN, key);
        }
        stage.right("201, the key is " + key);
        return key;
    }

    private void callWithoutKey() throws DemoFailed, IOException, InterruptedException {
        stage.step("A call without a key is refused.");
        Answer answer = stage.play(Call.of("GET", proxy + path)).expectProblem(401, "key-missing");
        stage.right("401, WWW-Authenticate: " + answer.header("WWW-Authenticate"));
        stage.say(answer.body());
    }

    private void callWithKey(String key) throws DemoFailed, IOException, InterruptedException {
        stage.step("With the key it goes through to the upstream.");
        Answer answer = stage.play(keyed(key)).expectStatus(200).expectBody("\"Ada\"");
        stage.right("200, RateLimit: " + answer.header("RateLimit"));
        stage.say(answer.body());
    }

    private void callOffTheMap() throws DemoFailed, IOException, InterruptedException {
        stage.step("A path that no route names.");
        stage.play(Call.of("GET", proxy + "/nowhere" + end)).expectProblem(404, "route-not-found");
        stage.right("404");
    }

    private void callWithWrongMethod() throws DemoFailed, IOException, InterruptedException {
        stage.step("A method that the route does not take.");
        Answer answer = stage.play(Call.of("DELETE", proxy + path))
                .expectProblem(405, "method-not-allowed")
                .expectHeader("Allow", "GET");
        stage.right("405, Allow: " + answer.header("Allow"));
    }

    private void callTooOften(String key) throws DemoFailed, IOException, InterruptedException {
        stage.step("The plan allows " + CALLS_ALLOWED + " calls an hour: the same line again, until it is refused.");
        Call call = keyed(key);
        for (int made = 1; made < CALLS_ALLOWED; made++) {
            stage.send(call).expectStatus(200);
        }
        Answer answer = stage.play(call).expectProblem(429, "rate-limited");
        String retryAfter = answer.header("Retry-After");
        if (!retryAfter.matches("[1-9][0-9]*")) {
            throw new DemoFailed("Retry-After in seconds", retryAfter);
        }
        stage.right(CALLS_ALLOWED + " times 200, then 429");
        stage.say("RateLimit: " + answer.header("RateLimit"));
        stage.say("RateLimit-Policy: " + answer.header("RateLimit-Policy"));
        stage.say("Retry-After: " + retryAfter);
    }

    private void readUsage() throws DemoFailed, IOException, InterruptedException {
        stage.step("The meter has exactly these calls (nodes report every second).");
        Call call = admin.get("/v1/usage?" + period() + "&consumer=acme" + end + "&group_by=outcome_class");
        Map<String, Long> expected = expectedUsage();
        stage.playUntil(call, answer -> usageByClass(answer).equals(expected), USAGE_SECONDS_MAX, expected.toString());
        stage.right(expected + " (the refused one is the 429)");
    }

    private static Map<String, Long> usageByClass(Answer answer) throws DemoFailed {
        Map<String, Long> counted = new TreeMap<>();
        for (JsonNode row : answer.expectStatus(200).json().path("items")) {
            counted.merge(
                    row.path("outcome_class").asText(), row.path("requests").asLong(), Long::sum);
        }
        return counted;
    }

    private void exportUsage() throws DemoFailed, IOException, InterruptedException {
        stage.step("The same as CSV, for the invoice.");
        Call call = admin.get("/v1/usage/export?" + period() + "&consumer=acme" + end);
        Answer answer = stage.play(call).expectStatus(200).expectHeader("Content-Type", "text/csv");
        List<String> lines = answer.body().lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(CSV_HEADER)) {
            throw new DemoFailed("the columns " + CSV_HEADER, answer.body());
        }
        Map<String, Long> counted = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            if (cells.length != 14 || !cells[2].equals("acme" + end) || !cells[3].equals("C-1001")) {
                throw new DemoFailed("14 cells of consumer acme" + end + ", billing id C-1001", line);
            }
            counted.merge(cells[10], Long.parseLong(cells[11]), Long::sum);
        }
        if (!counted.equals(expectedUsage())) {
            throw new DemoFailed(expectedUsage() + " in the CSV", answer.body());
        }
        stage.right("200");
        lines.forEach(stage::say);
    }

    private void rotate(String key) throws DemoFailed, IOException, InterruptedException {
        stage.step("The key gets a new secret. The old one works on for a week, and tells its caller so.");
        Call rotation = admin.post(consumer() + "/keys/first/rotate", "{\"overlap_seconds\":604800}")
                .header("Prefer", "wait=10");
        Answer rotated = stage.play(rotation).expectStatus(201);
        String next = rotated.json().path("secret").asText();
        if (!next.matches(KEY_PATTERN) || next.equals(key)) {
            throw new DemoFailed("another secret", "the same or none");
        }
        stage.right("201");
        Answer old = stage.play(Call.of("GET", proxy + path).header("X-Api-Key", key));
        stage.right("Deprecation: " + old.expectHeader("Deprecation", "@").header("Deprecation") + ", Sunset: "
                + old.expectHeader("Sunset", "GMT").header("Sunset"));
        stage.say("Its own limit may be spent (" + old.status() + "); the key itself is taken.");
        Answer fresh = stage.play(Call.of("GET", proxy + path).header("X-Api-Key", next));
        if (fresh.response().headers().firstValue("Deprecation").isPresent()) {
            throw new DemoFailed("no Deprecation for the new secret", fresh.header("Deprecation"));
        }
        stage.right("The new one is not deprecated.");
    }

    private void revoke(String key) throws DemoFailed, IOException, InterruptedException {
        stage.step(
                "The key is revoked by its name, and with it the secret that it had before. Writes to what exists name the version that they mean.");
        String keyPath = consumer() + "/keys/first";
        String etag = stage.play(admin.get(keyPath)).expectStatus(200).header("ETag");
        stage.play(admin.delete(keyPath, etag).header("Prefer", "wait=10")).expectStatus(204);
        stage.right("204: every node refuses it now");
        stage.play(keyed(key)).expectProblem(401, "key-revoked");
        stage.right("401");
    }

    private void readNodes() throws DemoFailed, IOException, InterruptedException {
        stage.step("What each node enforces.");
        Answer answer = stage.play(admin.get("/v1/nodes?live=true")).expectStatus(200);
        JsonNode nodes = answer.json().path("items");
        if (nodes.isEmpty()) {
            throw new DemoFailed("a live node", answer.body());
        }
        for (JsonNode node : nodes) {
            long desired = node.path("desired_revision").asLong();
            long applied = node.path("applied_revision").asLong(-1);
            if (applied < desired) {
                throw new DemoFailed("revision " + desired + " applied", node.toString());
            }
            stage.right(node.path("id").asText() + " applied revision " + applied + " of " + desired);
        }
    }

    /** In a database that was not made for the demo, nothing stays behind but the ledger. */
    private void tidyUp() throws DemoFailed, IOException, InterruptedException {
        stage.step("This database is not the demo's own: what was made is deleted again.");
        List<String> made = new ArrayList<>(Rollout.made());
        made.addAll(List.of("/v1/consumers/acme", "/v1/plans/trial", "/v1/routes/pets", "/v1/services/petstore"));
        for (String thing : made) {
            String etag = stage.send(admin.get(thing + end)).expectStatus(200).header("ETag");
            stage.send(admin.delete(thing + end, etag)).expectStatus(204);
        }
        stage.right(made.size() + " times 204");
    }

    private Call keyed(String key) {
        return Call.of("GET", proxy + path).header("X-Api-Key", key);
    }

    private String consumer() {
        return "/v1/consumers/acme" + end;
    }

    private static Map<String, Long> expectedUsage() {
        return new TreeMap<>(Map.of("success", (long) CALLS_ALLOWED, "refused", 1L));
    }

    private String period() {
        Instant until = Instant.now().truncatedTo(ChronoUnit.MINUTES).plus(2, ChronoUnit.MINUTES);
        return "from=" + start + "&to=" + until;
    }
}
