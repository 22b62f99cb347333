package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Attachment;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.RateLimit;
import io.tollgate.proto.config.v1.Split;
import io.tollgate.proto.config.v1.WeightedService;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Calls of one route that several services answer. */
class SplitTest {
    private static String answer(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static Split split(boolean sticky, int old, int canary) {
        return Split.newBuilder()
                .setSticky(sticky)
                .addServices(share("old", old))
                .addServices(share("canary", canary))
                .build();
    }

    private static WeightedService.Builder share(String service, int weight) {
        return WeightedService.newBuilder().setServiceId(id("service", service)).setWeight(weight);
    }

    @Test
    void split_weights_areTheSharesOfTheCalls() {
        try (RawUpstream old = RawUpstream.answering(answer("old"));
                RawUpstream canary = RawUpstream.answering(answer("canary"));
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service("old", old.port())
                        .service("canary", canary.port())
                        .action("pets", "/", route -> route.setSplit(split(false, 80, 20))));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(client.get("/")).startsWith("HTTP/1.1 200 ");
            }
            // The draws of a loop follow from its seed; six standard deviations.
            assertThat(canary.requests().size()).isBetween(124, 276);
            assertThat(old.requests().size() + canary.requests().size()).isEqualTo(1_000);
        }
    }

    @Test
    void split_weightOfNothing_getsNothingAndChangesApplyAtOnce() {
        try (RawUpstream old = RawUpstream.answering(answer("old"));
                RawUpstream canary = RawUpstream.answering(answer("canary"))) {
            Catalog catalog = catalog()
                    .open()
                    .service("old", old.port())
                    .service("canary", canary.port())
                    .action("pets", "/", route -> route.setSplit(split(false, 1, 0)));
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                for (int i = 0; i < 50; i++) {
                    assertThat(client.get("/")).endsWith("old");
                }
                gateway.serve(catalog.action("pets", "/", route -> route.setSplit(split(false, 0, 1))));
                for (int i = 0; i < 50; i++) {
                    assertThat(client.get("/")).endsWith("canary");
                }
                // A change of a service reaches the routes that split to it.
                gateway.serve(catalog.service("canary", canary.port(), service -> service.setEnabled(false)));
                assertThat(client.get("/")).startsWith("HTTP/1.1 503 ").contains("service-disabled");
            }
        }
    }

    @Test
    void split_sticky_keepsEachConsumerWhereItIs() {
        try (RawUpstream old = RawUpstream.answering(answer("old"));
                RawUpstream canary = RawUpstream.answering(answer("canary"))) {
            Catalog catalog = catalog()
                    .service("old", old.port())
                    .service("canary", canary.port())
                    .action("pets", "/", route -> route.setSplit(split(true, 70, 30)))
                    .plan("gold");
            Map<String, String> keys = new HashMap<>();
            for (int i = 0; i < 40; i++) {
                catalog.consumer("c" + i, "gold");
                keys.put("c" + i, catalog.key("c" + i));
            }
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                Map<String, String> first = ask(client, keys);
                assertThat(first.values()).contains("old", "canary");
                assertThat(ask(client, keys)).isEqualTo(first);
                gateway.serve(catalog.action("pets", "/", route -> route.setSplit(split(true, 40, 60))));
                Map<String, String> second = ask(client, keys);
                second.forEach((consumer, service) -> {
                    if ("canary".equals(first.get(consumer))) {
                        assertThat(service).as(consumer).isEqualTo("canary");
                    }
                });
                assertThat(second).isNotEqualTo(first);
            }
        }
    }

    @Test
    void split_policiesOfItsServices_doNotApply() {
        try (RawUpstream old = RawUpstream.answering(answer("old"));
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service("old", old.port())
                        .action(
                                "split",
                                "/split",
                                route -> route.setSplit(Split.newBuilder().addServices(share("old", 1))))
                        .route("plain", "/plain", "old")
                        .policy(
                                "slow",
                                policy -> policy.setAttachment(Attachment.newBuilder()
                                                .setKind(AttachmentKind.ATTACHMENT_KIND_SERVICE)
                                                .setObjectId(id("service", "old")))
                                        .setRateLimit(RateLimit.newBuilder().addWindows(Catalog.perMinute(1)))));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/split")).startsWith("HTTP/1.1 200 ");
            }
            assertThat(client.get("/plain")).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/plain")).startsWith("HTTP/1.1 429 ");
        }
    }

    @Test
    void split_planOfServices_mustHaveAllOfThem() {
        try (RawUpstream old = RawUpstream.answering(answer("old"));
                RawUpstream canary = RawUpstream.answering(answer("canary"))) {
            Catalog catalog = catalog()
                    .service("old", old.port())
                    .service("canary", canary.port())
                    .action("pets", "/", route -> route.setSplit(split(false, 1, 1)))
                    .plan("one", plan -> plan.addServiceIds(id("service", "old")))
                    .plan(
                            "both",
                            plan -> plan.addServiceIds(id("service", "old")).addServiceIds(id("service", "canary")))
                    .consumer("poor", "one")
                    .consumer("rich", "both");
            String poor = catalog.key("poor");
            String rich = catalog.key("rich");
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/", "X-Api-Key: " + poor)).startsWith("HTTP/1.1 403 ");
                assertThat(client.get("/", "X-Api-Key: " + rich)).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void compile_serviceOfASplitChanges_reachesTheRoute() {
        Catalog catalog = catalog()
                .service("old", 1)
                .service("canary", 2)
                .action("pets", "/", route -> route.setSplit(split(false, 1, 1)));
        CompiledConfiguration before = catalog.compile();
        CompiledConfiguration after = catalog.service("canary", 4).compile();
        assertThat(after.routesByOrdinal()
                        .get(0)
                        .action()
                        .services()
                        .get(1)
                        .states()
                        .get(0)
                        .port())
                .isEqualTo(4);
        assertThat(before.routesByOrdinal()
                        .get(0)
                        .action()
                        .services()
                        .get(1)
                        .states()
                        .get(0)
                        .port())
                .isEqualTo(2);
    }

    private static Map<String, String> ask(RawClient client, Map<String, String> keys) {
        Map<String, String> answers = new HashMap<>();
        keys.forEach((consumer, key) -> {
            String answer = client.get("/", "X-Api-Key: " + key);
            answers.put(consumer, answer.substring(answer.indexOf("\r\n\r\n") + 4));
        });
        return answers;
    }
}
