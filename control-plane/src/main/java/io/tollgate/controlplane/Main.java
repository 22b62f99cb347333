package io.tollgate.controlplane;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.embedded.EmbeddedDatabase;
import io.tollgate.controlplane.stream.StreamMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
            if (arguments.length > 0) {
                return command(environment, home, arguments);
            }
            if (environment.envelopeKeyNext().isPresent()) {
                throw new StartRefused("TOLLGATE_ENVELOPE_KEY_NEXT: only with the argument " + KeyRotation.COMMAND
                        + " (expected: after it, its key in TOLLGATE_ENVELOPE_KEY)");
            }
            requireFree("TOLLGATE_ADMIN", environment.adminHost(), environment.adminPort());
            requireFree("TOLLGATE_STREAM", environment.streamHost(), environment.streamPort());
            return withDatabase(environment, home, database -> runOn(database, environment, home));
        }
    }

    /** What is done instead of running. */
    private static int command(Environment environment, Home home, String... arguments)
            throws StartRefused, IOException {
        if (arguments.length != 1 || !arguments[0].equals(KeyRotation.COMMAND)) {
            throw new StartRefused(String.join(" ", arguments) + ": no command (expected: " + KeyRotation.COMMAND
                    + ", or no argument)");
        }
        return withDatabase(environment, home, database -> {
            KeyRotation.run(environment, home, database);
            return 0;
        });
    }

    private interface Use {
        int of(DatabaseAddress database) throws StartRefused;
    }

    private static int withDatabase(Environment environment, Home home, Use use) throws StartRefused, IOException {
        if (environment.database().isPresent()) {
            return use.of(environment.database().get());
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(home)) {
            return use.of(database.address());
        }
    }

    /**
     * What this control plane shares with its peers and with nobody else. Its text holds none of it. Immutable.
     *
     * @param joinToken that nodes show; absent where each has a certificate of its own
     */
    record Secrets(Optional<String> joinToken, String envelopeKey) {
        @Override
        public String toString() {
            return "Secrets";
        }
    }

    private static Optional<String> joinToken(Environment environment, Home home) throws StartRefused {
        if (environment.stream().mode() == StreamMode.OWN_AUTHORITY) {
            return Optional.empty();
        }
        return environment.joinToken().isPresent() ? environment.joinToken() : Optional.of(home.secret("join-token"));
    }

    private static String envelopeKey(Environment environment, Home home) throws StartRefused {
        boolean given = environment.envelopeKey().isPresent();
        String key = given ? environment.envelopeKey().get() : home.secret(KeyRotation.FILE);
        if (!EnvelopeKey.isKey(key)) {
            throw new StartRefused(
                    (given ? "TOLLGATE_ENVELOPE_KEY" : home.directory().resolve(KeyRotation.FILE))
                            + ": no key (expected: 32 bytes in Base64, as `openssl rand -base64 32` writes them)");
        }
        return key;
    }

    private static int runOn(DatabaseAddress database, Environment environment, Home home) throws StartRefused {
        DatabaseProbe.check(database);
        KeyRotation.finish(environment, home, database);
        Secrets secrets = new Secrets(joinToken(environment, home), envelopeKey(environment, home));
        Settings.apply(environment, database, secrets);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        AtomicInteger exit = new AtomicInteger();
        Quarkus.run(Running.class, (status, cause) -> {
            exit.set(status);
            failure.set(cause);
        });
        Throwable cause = failure.get();
        if (cause != null) {
            throw StartFailure.explain(cause);
        }
        return exit.get();
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
