package io.tollgate.controlplane;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Starts the control plane: environment, home, database, Quarkus; and stops them in the other order. Whatever keeps it from
 * starting is one line on standard error and exit status 1. Main thread only, and the JVM's shutdown thread.
 */
@QuarkusMain
public final class Main {
    /** Longest time between a request to stop and the end of the process; what is not done by then is cut off. */
    private static final long STOP_SECONDS_MAX = 30;

    private Main() {}

    /** Runs until the process is told to stop. */
    public static void main(String... arguments) {
        CountDownLatch stopped = new CountDownLatch(1);
        Thread whenTold = new Thread(() -> endWith(stopped), "stop");
        int status = 1;
        try {
            Runtime.getRuntime().addShutdownHook(whenTold);
            status = run(arguments);
        } catch (StartRefused e) {
            tell(e.getMessage());
        } catch (IOException e) {
            tell("stopped, but not cleanly: " + e.getMessage());
        } finally {
            stopped.countDown();
        }
        if (removed(whenTold)) {
            System.exit(status);
        }
    }

    private static int run(String... arguments) throws StartRefused, IOException {
        Environment environment = Environment.parse(System.getenv());
        try (Home home = Home.open(environment.home())) {
            requireFree("TOLLGATE_ADMIN", environment.adminHost(), environment.adminPort());
            requireFree("TOLLGATE_STREAM", environment.streamHost(), environment.streamPort());
            String joinToken = environment.joinToken().isPresent()
                    ? environment.joinToken().get()
                    : home.secret("join-token");
            Secrets secrets = new Secrets(joinToken, envelopeKey(environment, home));
            if (environment.database().isPresent()) {
                return runOn(environment.database().get(), environment, secrets, arguments);
            }
            try (EmbeddedDatabase database = EmbeddedDatabase.start(home)) {
                return runOn(database.address(), environment, secrets, arguments);
            }
        }
    }

    /** What this control plane shares with its peers and with nobody else. Its text holds none of it. Immutable. */
    record Secrets(String joinToken, String envelopeKey) {
        @Override
        public String toString() {
            return "Secrets";
        }
    }

    private static String envelopeKey(Environment environment, Home home) throws StartRefused {
        boolean given = environment.envelopeKey().isPresent();
        String key = given ? environment.envelopeKey().get() : home.secret("envelope-key");
        if (!EnvelopeKey.isKey(key)) {
            throw new StartRefused(
                    (given ? "TOLLGATE_ENVELOPE_KEY" : home.directory().resolve("envelope-key"))
                            + ": no key (expected: 32 bytes in Base64, as `openssl rand -base64 32` writes them)");
        }
        return key;
    }

    private static int runOn(DatabaseAddress database, Environment environment, Secrets secrets, String... arguments)
            throws StartRefused {
        DatabaseProbe.check(database);
        Settings.apply(environment, database, secrets);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Quarkus.run(Running.class, (status, cause) -> failure.set(cause), arguments);
        Throwable cause = failure.get();
        if (cause != null) {
            throw StartFailure.explain(cause);
        }
        return 0;
    }

    /** A taken port is found before a database is started for nothing. */
    private static void requireFree(String keys, String host, int port) throws StartRefused {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException e) {
            throw new StartRefused("cannot listen on " + host + ":" + port + ": " + e.getMessage()
                    + " (stop what listens there, or set " + keys + "_PORT; " + keys
                    + "_HOST must be an address of this machine)");
        }
    }

    /** Being told to stop (SIGTERM, SIGINT) is a good end: Quarkus stops, then the database, then status 0. */
    private static void endWith(CountDownLatch stopped) {
        try {
            if (!stopped.await(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                tell("not stopped after " + STOP_SECONDS_MAX + " seconds; ends all the same");
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(1);
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(0);
    }

    private static boolean removed(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyStopping) {
            return false;
        }
    }

    private static void tell(@Nullable String line) {
        System.err.println("tollgate-control-plane: " + line);
    }

    /** What runs inside Quarkus once all of it is up. */
    public static final class Running implements QuarkusApplication {
        private final Listening listening;

        Running(Listening listening) {
            this.listening = listening;
        }

        @Override
        public int run(String... arguments) {
            System.out.println(listening.asJson());
            System.out.flush();
            Quarkus.waitForExit();
            return 0;
        }
    }
}
