package io.tollgate.e2e.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Walks through the product against running processes and ends with status 0 only if every answer was right.
 *
 * <p>Arguments: base URL of the admin API, base URL of a node's proxy, port of the sample upstream, file of the admin token, and the
 * word {@code shared} when the database is not the demo's own: then the names get a random end and everything made is deleted again.
 *
 * <p>Thread: one.
 */
public final class Demo {
    private Demo() {}

    public static void main(String[] arguments) {
        if (arguments.length < 4) {
            System.err.println("usage: Demo ADMIN_URL PROXY_URL UPSTREAM_PORT TOKEN_FILE [shared]");
            System.exit(2);
        }
        boolean shared = arguments.length > 4 && arguments[4].equals("shared");
        Stage stage = new Stage(System.out);
        try {
            String token = Files.readString(Path.of(arguments[3])).strip();
            Admin admin = new Admin(arguments[0], token, arguments[3]);
            Walk walk = new Walk(stage, admin, arguments[1], Integer.parseInt(arguments[2]), shared ? suffix() : "");
            walk.run();
            System.out.println("\nAll " + stage.steps() + " steps ended as they should.");
            System.exit(0);
        } catch (DemoFailed e) {
            stage.wrong(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            stage.wrong("expected an answer\n         got      " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stage.wrong("interrupted");
        }
        System.out.println("\nThe demo stopped at step " + stage.steps() + ".");
        System.exit(1);
    }

    private static String suffix() {
        byte[] bytes = new byte[3];
        new SecureRandom().nextBytes(bytes);
        return "-" + HexFormat.of().formatHex(bytes);
    }
}
