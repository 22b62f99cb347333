package io.tollgate.node.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.tollgate.engine.upstream.Discovery;
import io.tollgate.engine.upstream.FollowedName;
import io.tollgate.engine.upstream.NamedInstance;
import io.tollgate.node.dial.Await;
import io.tollgate.node.fixture.NameServer;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A follower against a real name server over UDP. */
class NameFollowerTest {
    private final VertxInternal vertx = (VertxInternal) Vertx.vertx();
    private final EventLoop loop = vertx.createEventLoopContext().nettyEventLoop();
    private final NameServer server = new NameServer();
    private final DnsClient client = new DnsClient(vertx, loop, List.of(server.address()));
    private final List<List<NamedInstance>> told = new CopyOnWriteArrayList<>();

    private NameFollower follow(Discovery kind, String name) {
        NameFollower follower = new NameFollower(new FollowedName(kind, name), client, loop, new Random(7), told::add);
        loop.execute(follower::start);
        return follower;
    }

    @AfterEach
    void close() throws Exception {
        loop.submit(client::close).get(20, TimeUnit.SECONDS);
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static NamedInstance address(String host) {
        return new NamedInstance(host, 0, 0);
    }

    private void awaitTold(int times) {
        Await.until("told " + times + " times", () -> told.size() >= times);
    }

    private void awaitQuestions(int more) {
        int until = server.questions().size() + more;
        Await.until(more + " more questions", () -> server.questions().size() >= until);
    }

    @Test
    void addresses_ofBothFamilies_areInstances() {
        server.addresses("pets.test", 60, "10.0.0.2", "10.0.0.1", "fd00::1");
        follow(Discovery.DNS, "pets.test");
        awaitTold(1);

        assertThat(told.get(0))
                .containsExactly(address("10.0.0.1"), address("10.0.0.2"), address("fd00:0:0:0:0:0:0:1"));
    }

    @Test
    void addresses_change_isToldWhenTheTimeToLiveIsOver() {
        server.addresses("pets.test", 0, "10.0.0.1");
        follow(Discovery.DNS, "pets.test");
        awaitTold(1);
        server.addresses("pets.test", 0, "10.0.0.2");
        awaitTold(2);

        assertThat(told).containsExactly(List.of(address("10.0.0.1")), List.of(address("10.0.0.2")));
    }

    @Test
    void addresses_goneOrUnanswered_keepTheLastGoodAnswer() {
        server.addresses("pets.test", 0, "10.0.0.1");
        follow(Discovery.DNS, "pets.test");
        awaitTold(1);
        server.forget("pets.test");
        awaitQuestions(4);
        server.silent(true);
        awaitQuestions(2);
        server.silent(false);
        server.addresses("pets.test", 0, "10.0.0.3");
        awaitTold(2);

        assertThat(told).containsExactly(List.of(address("10.0.0.1")), List.of(address("10.0.0.3")));
    }

    @Test
    void addresses_oneFamilyGone_takesItsInstancesAway() {
        server.addresses("pets.test", 0, "10.0.0.1", "fd00::1");
        follow(Discovery.DNS, "pets.test");
        awaitTold(1);
        server.addresses("pets.test", 0, "10.0.0.1");
        awaitTold(2);

        assertThat(told.get(1)).containsExactly(address("10.0.0.1"));
    }

    @Test
    void services_lowestPriority_areInstancesWithPortAndWeight() {
        server.service("_http._tcp.pets.test", 60, 20, 1, 9000, "spare.test")
                .service("_http._tcp.pets.test", 60, 10, 65_535, 8080, "b.test")
                .service("_http._tcp.pets.test", 60, 10, 0, 8081, "a.test");
        follow(Discovery.SRV, "_http._tcp.pets.test");
        awaitTold(1);

        assertThat(told.get(0))
                .containsExactly(new NamedInstance("a.test", 8081, 1), new NamedInstance("b.test", 8080, 1000));
    }

    @Test
    void stopped_asksNoMore() throws Exception {
        server.addresses("pets.test", 0, "10.0.0.1");
        NameFollower follower = follow(Discovery.DNS, "pets.test");
        NameFollower other = follow(Discovery.DNS, "other.test");
        awaitTold(1);
        loop.submit(follower::stop).get(20, TimeUnit.SECONDS);
        int asked = count("1 pets.test");
        int others = count("1 other.test");
        // The other name is asked again and again, which tells that the time of this one was over as well.
        Await.until("the other name is asked three times more", () -> count("1 other.test") >= others + 3);
        loop.submit(other::stop).get(20, TimeUnit.SECONDS);

        assertThat(count("1 pets.test")).isEqualTo(asked);
    }

    private int count(String question) {
        return (int) server.questions().stream().filter(question::equals).count();
    }
}
