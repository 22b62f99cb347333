package io.tollgate.node;

import io.tollgate.node.exchange.Clock;
import io.tollgate.node.home.HomeException;
import io.tollgate.node.home.NodeHome;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts one data plane node from its environment, and says in one line why it does not. */
public final class Main {
    private static final Logger LOG = Logger.getLogger(Main.class.getName());
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_CONFIGURATION = 2;

    private static final Clock CLOCK = new Clock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }
    };

    private Main() {}

    /** Starts the node of the environment; returns once it serves. */
    public static void main(String[] arguments) {
        // A length beside a transfer coding is no request (RFC 9112, 6.3); the decoder asks for this once.
        System.setProperty("io.netty.handler.codec.http.rfc9112TransferEncoding", "true");
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s %5$s%6$s%n");
        try {
            NodeConfig config =
                    NodeConfig.parse(System.getenv(), Runtime.getRuntime().availableProcessors());
            // Asked before anything else, since the port itself is opened only once there is a configuration.
            PortProbe.requireFree("TOLLGATE_PROXY", config.proxyHost(), config.proxyPort());
            NodeHome home = NodeHome.open(
                    config.home(),
                    config.nodeId(),
                    TimeUnit.MILLISECONDS.toSeconds(CLOCK.epochMillis()),
                    new SecureRandom());
            new Node(config, home, CLOCK).start();
        } catch (ConfigException | IllegalArgumentException e) {
            LOG.log(Level.FINE, "event=start-failed", e);
            fail(e.getMessage(), EXIT_CONFIGURATION);
        } catch (HomeException e) {
            fail(e.getMessage(), EXIT_FAILED);
        } catch (IOException | RuntimeException | ExecutionException | TimeoutException e) {
            LOG.log(Level.FINE, "event=start-failed", e);
            fail(lastCause(e), EXIT_FAILED);
        } catch (InterruptedException e) {
            fail("interrupted while starting", EXIT_FAILED);
        }
    }

    private static String lastCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : cause.getClass().getSimpleName() + ": " + message;
    }

    private static void fail(@Nullable String reason, int status) {
        PrintStream errors = System.err;
        errors.println("tollgate-node: " + (reason == null ? "cannot start" : reason.replace('\n', ' ')));
        errors.flush();
        Runtime.getRuntime().halt(status);
    }
}
