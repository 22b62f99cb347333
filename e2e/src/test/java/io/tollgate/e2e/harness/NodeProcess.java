package io.tollgate.e2e.harness;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A data plane node process with a home; it can be killed and started again on the same home and ports. */
public final class NodeProcess implements AutoCloseable {
    private final String id;
    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private JavaProcess process;

    private NodeProcess(String id, Path home, ControlPlane controlPlane, Map<String, String> more) {
        this.id = id;
        this.home = Trees.create(home);
        environment.put("TOLLGATE_HOME", home.toString());
        environment.put("TOLLGATE_NODE_ID", id);
        environment.put("TOLLGATE_CONTROL_PLANE", "127.0.0.1:" + controlPlane.streamPort());
        environment.put("TOLLGATE_JOIN_TOKEN_FILE", controlPlane.joinTokenFile().toString());
        environment.put("TOLLGATE_PROXY_HOST", "127.0.0.1");
        environment.put("TOLLGATE_PROXY_PORT", "0");
        environment.put("TOLLGATE_OPERATIONS_PORT", "0");
        environment.put("TOLLGATE_EVENT_LOOPS", "2");
        environment.putAll(more);
        this.process = launch(environment, home);
    }

    /** Starts one without waiting. */
    public static NodeProcess start(String id, Path home, ControlPlane controlPlane, Map<String, String> more) {
        return new NodeProcess(id, home, controlPlane, more);
    }

    /** Starts one with exactly this environment, which may be a bad one. */
    public static JavaProcess launch(Map<String, String> environment, Path directory) {
        return JavaProcess.start("node", directory, environment, List.of("-Xmx256m", "-jar", Jars.NODE.toString()));
    }

    public NodeProcess awaitReady() {
        environment.put("TOLLGATE_PROXY_PORT", Integer.toString(process.port("proxy_port")));
        environment.put("TOLLGATE_OPERATIONS_PORT", Integer.toString(process.port("operations_port")));
        return this;
    }

    /** Starts it again on the same home and ports, without waiting. */
    public void startAgain() {
        process = launch(environment, home);
    }

    public String id() {
        return id;
    }

    public JavaProcess process() {
        return process;
    }

    public Path home() {
        return home;
    }

    public int proxyPort() {
        return Integer.parseInt(String.valueOf(environment.get("TOLLGATE_PROXY_PORT")));
    }

    public int operationsPort() {
        return Integer.parseInt(String.valueOf(environment.get("TOLLGATE_OPERATIONS_PORT")));
    }

    @Override
    public void close() {
        process.close();
    }
}
