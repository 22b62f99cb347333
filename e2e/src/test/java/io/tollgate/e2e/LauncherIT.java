package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Jars;
import io.tollgate.e2e.harness.Launcher;
import io.tollgate.e2e.harness.Launcher.Result;
import io.tollgate.e2e.harness.Trees;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The commands of the README, as a person types them. */
class LauncherIT {
    private final Launcher launcher = new Launcher(Jars.emptyDirectory("launcher"));

    @AfterEach
    void stop() {
        launcher.run("down");
    }

    @Test
    void demo_onFreePorts_everyStepIsRightAndNothingStaysBehind() {
        Result demo = launcher.run("demo");

        assertThat(demo.status()).as(demo.output()).isZero();
        assertThat(demo.output())
                .contains("All 23 steps ended as they should.")
                .contains("429")
                .contains("Retry-After")
                .contains("success=5")
                .doesNotContain("WRONG");
        assertThat(launcher.alivePids("demo/run")).isEmpty();
    }

    @Test
    void upAndDown_withEverythingBetween() throws Exception {
        Result up = launcher.run("up", "--detach");
        assertThat(up.status()).as(up.output()).isZero();
        assertThat(up.output())
                .contains("control-plane")
                .contains("node-1")
                .contains("upstream")
                .contains("admin-token");

        Result again = launcher.run("up");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.output().lines()).hasSize(1);
        assertThat(again.output()).contains("already up");

        Result added = addNodeBesideHeldPort(launcher.port("node-1", "operations_port") + 1);
        assertThat(added.status()).as(added.output()).isZero();
        assertThat(added.output()).contains("node-2 is up");
        try (Caller caller = new Caller(launcher.port("node-2", "proxy_port"))) {
            assertThat(caller.get("/nowhere", "").status()).isEqualTo(404);
        }

        Result status = launcher.run("status");
        assertThat(status.status()).as(status.output()).isZero();
        assertThat(status.output().lines()).hasSize(4).allMatch(line -> line.contains(" ready "));

        assertThat(launcher.run("logs").output()).contains("== control-plane.log");

        // kill -9 of two of them: what they left is healed by the next start.
        launcher.kill("control-plane");
        launcher.kill("node-1");
        Result broken = launcher.run("status");
        assertThat(broken.status()).isEqualTo(1);
        assertThat(broken.output()).contains("ended");
        assertThat(launcher.run("down").status()).isZero();
        assertThat(Trees.files(launcher.home()))
                .as("the killed control plane's database was stopped too")
                .noneMatch(file -> file.endsWith("postmaster.pid"));
        Result healed = launcher.run("up", "--detach");
        assertThat(healed.status()).as(healed.output()).isZero();
        assertThat(healed.output()).contains("node-2");

        Result down = launcher.run("down");
        assertThat(down.status()).as(down.output()).isZero();
        assertThat(launcher.alivePids("run")).isEmpty();
        assertThat(launcher.run("status").status()).isEqualTo(3);
    }

    /** The port looks free to whoever connects, and cannot be listened on: as the near end of a connection. */
    private Result addNodeBesideHeldPort(int port) throws IOException {
        try (Socket held = new Socket()) {
            try {
                held.bind(new InetSocketAddress("127.0.0.1", port));
            } catch (BindException e) {
                // Somebody else holds it, which serves as well.
            }
            return launcher.run("node", "add");
        }
    }

    @Test
    void down_pidWasRecycled_leavesTheStrangerAlone() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Path run = Files.createDirectories(launcher.home().resolve("run"));
            Files.writeString(run.resolve("node-1.pid"), stranger.pid() + " 1\n");

            assertThat(launcher.run("down").status()).isZero();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void up_portTaken_saysByWhomAndStartsNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            Result up = launcher.with(Map.of("TOLLGATE_ADMIN_PORT", port)).run("up", "--detach");

            assertThat(up.status()).isEqualTo(1);
            assertThat(up.output().lines()).hasSize(1);
            assertThat(up.output())
                    .startsWith("tollgate: port " + port + " is taken")
                    .contains("TOLLGATE_ADMIN_PORT")
                    .contains(Long.toString(ProcessHandle.current().pid()));
            assertThat(launcher.alivePids("run")).isEmpty();
        }
    }

    @Test
    void up_databaseAway_showsTheControlPlanesLine() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        Result up = launcher.with(Map.of("TOLLGATE_DATABASE_URL", "postgresql://a:b@127.0.0.1:" + port + "/c"))
                .run("up", "--detach");

        assertThat(up.status()).isEqualTo(1);
        assertThat(up.output()).startsWith("tollgate: tollgate-control-plane: ").contains(Integer.toString(port));
        assertThat(launcher.alivePids("run")).isEmpty();
    }

    @Test
    void badCommands_oneLineEach() {
        assertOneLine(launcher.run("frobnicate"), 2, "unknown command frobnicate");
        assertOneLine(launcher.run("up", "--now"), 2, "up --now");
        assertOneLine(launcher.run("node", "remove"), 2, "node remove");
        assertOneLine(launcher.run("node", "add"), 1, "not running");
        assertOneLine(launcher.with(Map.of("TOLLGATE_PROXY_PROT", "1")).run("up"), 2, "TOLLGATE_PROXY_PROT");
        assertOneLine(launcher.with(Map.of("TOLLGATE_PROXY_PORT", "http")).run("up"), 2, "TOLLGATE_PROXY_PORT");
        assertOneLine(launcher.with(Map.of("TOLLGATE_JAVA", "/nowhere")).run("up"), 1, "TOLLGATE_JAVA");
        assertThat(launcher.run("help").status()).isZero();
    }

    @Test
    void up_javaTooOld_oneLine() throws Exception {
        Path old = launcher.home().resolve("old-java");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        Files.writeString(old.resolve("bin/java"), "#!/bin/sh\nexit 1\n");
        assertThat(old.resolve("bin/java").toFile().setExecutable(true)).isTrue();

        assertOneLine(launcher.with(Map.of("TOLLGATE_JAVA", old.toString())).run("up"), 1, "Java 11");
    }

    private static void assertOneLine(Result result, int status, String words) {
        assertThat(result.status()).as(result.output()).isEqualTo(status);
        assertThat(result.output().lines()).hasSize(1);
        assertThat(result.output()).startsWith("tollgate: ").contains(words);
    }
}
