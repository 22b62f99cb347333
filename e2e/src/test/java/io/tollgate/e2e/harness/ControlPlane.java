package io.tollgate.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A control plane process with a home; it can be killed and started again on the same home and ports. */
public final class ControlPlane implements AutoCloseable {
    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private JavaProcess process;

    private ControlPlane(Path home, Map<String, String> more) {
        this.home = Trees.create(home);
        environment.put("TOLLGATE_HOME", home.toString());
        environment.put("TOLLGATE_ADMIN_PORT", "0");
        environment.put("TOLLGATE_STREAM_PORT", "0");
        environment.putAll(more);
        this.process = launch(environment, home);
    }

    /** Starts one without waiting; free ports unless {@code more} says otherwise. */
    public static ControlPlane start(Path home, Map<String, String> more) {
        return new ControlPlane(home, more);
    }

    /** Starts one with exactly this environment, which may be a bad one. */
    public static JavaProcess launch(Map<String, String> environment, Path directory) {
        return JavaProcess.start(
                "control-plane", directory, environment, List.of("-Xmx384m", "-jar", Jars.CONTROL_PLANE.toString()));
    }

    /** Has the program do something else than run. */
    public static JavaProcess command(String command, Map<String, String> environment, Path directory) {
        return JavaProcess.start(
                command, directory, environment, List.of("-Xmx384m", "-jar", Jars.CONTROL_PLANE.toString(), command));
    }

    public ControlPlane awaitReady() {
        environment.put("TOLLGATE_ADMIN_PORT", Integer.toString(process.port("admin_port")));
        environment.put("TOLLGATE_STREAM_PORT", Integer.toString(process.port("stream_port")));
        return this;
    }

    /** Starts it again on the same home and ports, without waiting. */
    public void startAgain() {
        process = launch(environment, home);
    }

    public JavaProcess process() {
        return process;
    }

    public Path home() {
        return home;
    }

    public int adminPort() {
        return Integer.parseInt(String.valueOf(environment.get("TOLLGATE_ADMIN_PORT")));
    }

    public int streamPort() {
        return Integer.parseInt(String.valueOf(environment.get("TOLLGATE_STREAM_PORT")));
    }

    public Admin admin() {
        return new Admin("http://127.0.0.1:" + adminPort(), read("admin-token"));
    }

    public Path joinTokenFile() {
        return home.resolve("join-token");
    }

    private String read(String file) {
        try {
            return Files.readString(home.resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it in order, so that its PostgreSQL stops too. */
    @Override
    public void close() {
        if (process.isAlive()) {
            process.terminate();
        }
    }
}
