package io.tollgate.e2e.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One control plane, the sample upstream and some nodes, each a process, all under one directory. */
public final class Cluster implements AutoCloseable {
    private final Path directory;
    private final ControlPlane controlPlane;
    private final Upstream upstream;
    private final List<NodeProcess> nodes = new ArrayList<>();

    private Cluster(String name, Map<String, String> controlPlaneEnvironment) {
        directory = Jars.emptyDirectory(name);
        controlPlane = ControlPlane.start(directory.resolve("control-plane"), controlPlaneEnvironment);
        upstream = Upstream.start(directory);
    }

    /** Starts everything and waits until all of it is ready. */
    public static Cluster start(String name, int nodeCount) {
        return start(name, nodeCount, Map.of());
    }

    public static Cluster start(String name, int nodeCount, Map<String, String> controlPlaneEnvironment) {
        Cluster cluster = new Cluster(name, controlPlaneEnvironment);
        try {
            cluster.controlPlane.awaitReady();
            for (int i = 1; i <= nodeCount; i++) {
                cluster.launchNode("node-" + i, Map.of());
            }
            cluster.nodes.forEach(NodeProcess::awaitReady);
            cluster.upstream.port();
            return cluster;
        } catch (RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    private NodeProcess launchNode(String id, Map<String, String> environment) {
        NodeProcess node = NodeProcess.start(id, directory.resolve(id), controlPlane, environment);
        nodes.add(node);
        return node;
    }

    /** Adds a node and waits until it is ready. */
    public NodeProcess addNode(String id, Map<String, String> environment) {
        return launchNode(id, new HashMap<>(environment)).awaitReady();
    }

    public ControlPlane controlPlane() {
        return controlPlane;
    }

    public Upstream upstream() {
        return upstream;
    }

    /** By start order, from 1. */
    public NodeProcess node(int number) {
        return nodes.get(number - 1);
    }

    public Admin admin() {
        return controlPlane.admin();
    }

    public Path directory() {
        return directory;
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
        upstream.close();
        controlPlane.close();
    }
}
