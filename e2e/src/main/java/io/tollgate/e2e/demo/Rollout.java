package io.tollgate.e2e.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;

/** A new version of a service that gets a share of the calls, and an instance that dies without a caller noticing. One thread. */
final class Rollout {
    private static final int CALLS = 200;
    private static final int HEALTH_SECONDS_MAX = 30;

    private final Stage stage;
    private final Admin admin;
    private final String proxy;
    private final int upstreamPort;
    private final String end;

    /** @param end what every name ends with */
    Rollout(Stage stage, Admin admin, String proxy, int upstreamPort, String end) {
        this.stage = stage;
        this.admin = admin;
        this.proxy = proxy;
        this.upstreamPort = upstreamPort;
        this.end = end;
    }

    void run() throws DemoFailed, IOException, InterruptedException {
        try (SecondUpstream second = SecondUpstream.start()) {
            createSecondService(second.port());
            createCanary();
            String key = subscribe();
            callCanary(key, second.port());
            createPair(second.port());
            killOne(key, second);
            readHealth(second.port());
        }
    }

    /** What was made, in the order in which it can be deleted. */
    static List<String> made() {
        return List.of(
                "/v1/consumers/bolt",
                "/v1/plans/open",
                "/v1/routes/canary",
                "/v1/routes/pair",
                "/v1/services/pair",
                "/v1/services/petstore-next");
    }

    private void createSecondService(int port) throws DemoFailed, IOException, InterruptedException {
        stage.step("The next version of the service is a process of its own (here a second sample upstream).");
        String json = """
                {"name":"petstore-next%s","targets":[{"host":"127.0.0.1","port":%d}]}""".formatted(end, port);
        stage.play(admin.post("/v1/services", json)).expectStatus(201);
        stage.right("201");
    }

    private void createCanary() throws DemoFailed, IOException, InterruptedException {
        stage.step("A canary: one call in ten goes to the next version.");
        String json = """
                {"name":"canary%s","paths":[{"type":"prefix","value":"/canary%s"}],"rewrite":{"replace_prefix":"/"},\
                "split":{"services":[{"service":"petstore%s","weight":90},{"service":"petstore-next%s","weight":10}]}}""".formatted(end, end, end, end);
        stage.play(admin.post("/v1/routes", json)).expectStatus(201);
        stage.right("201");
    }

    private String subscribe() throws DemoFailed, IOException, InterruptedException {
        stage.step("Another partner, with a plan for all routes and without limits.");
        stage.send(admin.post("/v1/plans", "{\"name\":\"open%s\",\"all_routes\":true}".formatted(end)))
                .expectStatus(201);
        stage.send(admin.post("/v1/consumers", "{\"name\":\"bolt%s\"}".formatted(end)))
                .expectStatus(201);
        stage.send(admin.post("/v1/consumers/bolt" + end + "/subscriptions", "{\"plan\":\"open%s\"}".formatted(end)))
                .expectStatus(201);
        Answer issued = stage.send(admin.post("/v1/consumers/bolt" + end + "/keys", "{\"name\":\"first\"}")
                        .header("Prefer", "wait=10"))
                .expectStatus(201);
        stage.right("201, and its key is live on every node");
        return issued.json().path("secret").asText();
    }

    private void callCanary(String key, int port) throws DemoFailed, IOException, InterruptedException {
        stage.step(CALLS + " calls, and who answered them (the upstream echoes the Host that it got).");
        Call call = Call.of("GET", proxy + "/canary" + end + "/echo").header("X-Api-Key", key);
        int next = answeredBy(stage.play(call), port);
        for (int made = 1; made < CALLS; made++) {
            next += answeredBy(stage.send(call), port);
        }
        if (next == 0 || next > CALLS / 2) {
            throw new DemoFailed("about " + CALLS / 10 + " calls of " + CALLS, Integer.toString(next));
        }
        stage.right((CALLS - next) + " by petstore, " + next + " by petstore-next");
    }

    private static int answeredBy(Answer answer, int port) throws DemoFailed {
        String host = answer.expectStatus(200)
                .json()
                .path("headers")
                .path("host")
                .path(0)
                .asText();
        return host.endsWith(":" + port) ? 1 : 0;
    }

    private void createPair(int port) throws DemoFailed, IOException, InterruptedException {
        stage.step("A service of two instances that are asked for their health, with retries.");
        String service = """
                {"name":"pair%s","targets":[{"host":"127.0.0.1","port":%d},{"host":"127.0.0.1","port":%d}],\
                "health_check":{"type":"http","path":"/healthz","interval_millis":500,"unhealthy_threshold":2},\
                "retry":{"conditions":["connect","reset"]}}""".formatted(end, upstreamPort, port);
        stage.play(admin.post("/v1/services", service)).expectStatus(201);
        String route = """
                {"name":"pair%s","service":"pair%s","paths":[{"type":"prefix","value":"/pair%s"}],\
                "rewrite":{"replace_prefix":"/"}}""".formatted(end, end, end);
        stage.play(admin.post("/v1/routes", route).header("Prefer", "wait=10")).expectStatus(201);
        stage.right("201, twice");
    }

    private void killOne(String key, SecondUpstream second) throws DemoFailed, IOException, InterruptedException {
        stage.step(CALLS + " calls; after half of them one of the two instances is killed (kill -9).");
        Call call = Call.of("GET", proxy + "/pair" + end + "/pets").header("X-Api-Key", key);
        stage.play(call).expectStatus(200);
        for (int made = 1; made < CALLS; made++) {
            if (made == CALLS / 2) {
                second.kill();
            }
            stage.send(call).expectStatus(200);
        }
        stage.right(CALLS + " times 200: no caller noticed");
    }

    private void readHealth(int port) throws DemoFailed, IOException, InterruptedException {
        stage.step("The operator does.");
        Call call = admin.get("/v1/services/pair" + end + "/health");
        Answer answer =
                stage.playUntil(call, found -> isOut(found, port), HEALTH_SECONDS_MAX, "port " + port + " unhealthy");
        stage.right("port " + port + " is unhealthy and gets no calls");
        stage.say(answer.body().strip());
    }

    private static boolean isOut(Answer answer, int port) throws DemoFailed {
        for (JsonNode target : answer.expectStatus(200).json().path("targets")) {
            JsonNode nodes = target.path("nodes");
            if (target.path("port").asInt() == port && !nodes.isEmpty()) {
                return nodes.valueStream()
                        .allMatch(node -> node.path("checked").asText().equals("unhealthy"));
            }
        }
        return false;
    }
}
