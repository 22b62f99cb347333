package io.tollgate.node;

import io.tollgate.node.accesslog.LogSettings;
import io.tollgate.node.dial.ControlPlaneAddress;
import io.tollgate.node.dial.JoinToken;
import io.tollgate.node.dial.JoinTokenSource;
import io.tollgate.node.dial.StreamSecurity;
import io.tollgate.node.discovery.DnsServers;
import io.tollgate.node.exchange.RequestIdRules;
import io.tollgate.node.home.DiskKey;
import io.tollgate.node.home.NodeHome;
import io.tollgate.node.setting.NearestName;
import io.tollgate.node.telemetry.LoopCounters;
import io.tollgate.node.trace.TraceSettings;
import io.tollgate.node.usage.JournalBounds;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one node process, read once from the environment. Immutable.
 *
 * @param home TOLLGATE_HOME (var/node): directory of identity, snapshot and journal
 * @param diskKey TOLLGATE_DISK_KEY, or TOLLGATE_DISK_KEY_FILE: 32 bytes in Base64 that seal the snapshot on disk; null for one
 *     that is kept in the home
 * @param nodeId TOLLGATE_NODE_ID: stable name; null for the one kept in the home, or a random one
 * @param zone TOLLGATE_ZONE (empty): where the node stands
 * @param controlPlanes TOLLGATE_CONTROL_PLANE (127.0.0.1:9090): host:port, several separated by commas
 * @param joinToken TOLLGATE_JOIN_TOKEN or TOLLGATE_JOIN_TOKEN_FILE, when it is a one-time token; with it the streams are TLS, and so they are
 *     without any token and PEM files; null where {@code security} guards them
 * @param security a shared token in TOLLGATE_JOIN_TOKEN or TOLLGATE_JOIN_TOKEN_FILE, and TOLLGATE_STREAM_TRUST, TOLLGATE_STREAM_CERTIFICATE,
 *     TOLLGATE_STREAM_KEY (PEM files)
 * @param proxyHost TOLLGATE_PROXY_HOST (0.0.0.0): address that serves clients
 * @param proxyPort TOLLGATE_PROXY_PORT (8080): 0 for any free one
 * @param operationsHost TOLLGATE_OPERATIONS_HOST (127.0.0.1): address of /live, /ready, /metrics and /snapshot
 * @param operationsPort TOLLGATE_OPERATIONS_PORT (8081): 0 for any free one
 * @param eventLoops TOLLGATE_EVENT_LOOPS (available processors): threads that serve calls
 * @param accessLog TOLLGATE_ACCESS_LOG (off): off, stdout, syslog+udp://HOST:PORT, syslog+tcp://HOST:PORT, or a path; null for off.
 *     TOLLGATE_ACCESS_LOG_FORMAT (json), _FIELDS (the usual ones), _QUERY (off), _MASK (names that tell of secrets), _ADDRESS
 *     (full), _SAMPLE (default=1), _FILE_BYTES_MAX (104857600) and _FILES_MAX (5) say what is written of which requests
 * @param drainSeconds TOLLGATE_DRAIN_SECONDS (15): how long calls in flight may take to end when the node stops
 * @param journalBytesMax TOLLGATE_JOURNAL_BYTES_MAX (1073741824): disk that unsent usage may take
 * @param dnsServers TOLLGATE_DNS_SERVERS (those of the operating system): who is asked for names, of instances and of
 *     all that is connected to; IP addresses with or without a port, several separated by commas
 * @param requestIds TOLLGATE_REQUEST_ID_FROM (nobody): whose X-Request-Id is kept: nobody, proxies, anyone; and
 *     TOLLGATE_REQUEST_ID_TO (upstream): who is told it, upstream, client, both by comma, or nobody
 * @param traces TOLLGATE_TRACES_ENDPOINT (absent: nothing is traced): URL of a collector that takes OTLP over HTTP;
 *     TOLLGATE_TRACES_RATIO (0.01): share of the traces begun here that are recorded, 0 to 1; and TOLLGATE_TRACES_PARENT (anyone):
 *     whose trace context is continued: nobody, proxies, anyone
 * @param routeHistograms TOLLGATE_METRICS_ROUTE_HISTOGRAMS (50): how many routes have histograms of their own
 */
record NodeConfig(
        Path home,
        @Nullable DiskKey diskKey,
        @Nullable String nodeId,
        String zone,
        List<ControlPlaneAddress> controlPlanes,
        @Nullable JoinTokenSource joinToken,
        StreamSecurity security,
        String proxyHost,
        int proxyPort,
        String operationsHost,
        int operationsPort,
        int eventLoops,
        @Nullable LogSettings accessLog,
        int drainSeconds,
        long journalBytesMax,
        List<InetSocketAddress> dnsServers,
        RequestIdRules requestIds,
        @Nullable TraceSettings traces,
        int routeHistograms) {
    private static final String PREFIX = "TOLLGATE_";
    private static final String HOME = "var/node";
    private static final List<String> KEYS = List.of(
            "TOLLGATE_HOME",
            "TOLLGATE_DISK_KEY",
            "TOLLGATE_DISK_KEY_FILE",
            "TOLLGATE_NODE_ID",
            "TOLLGATE_ZONE",
            "TOLLGATE_CONTROL_PLANE",
            "TOLLGATE_JOIN_TOKEN",
            "TOLLGATE_JOIN_TOKEN_FILE",
            "TOLLGATE_STREAM_TRUST",
            "TOLLGATE_STREAM_CERTIFICATE",
            "TOLLGATE_STREAM_KEY",
            "TOLLGATE_PROXY_HOST",
            "TOLLGATE_PROXY_PORT",
            "TOLLGATE_OPERATIONS_HOST",
            "TOLLGATE_OPERATIONS_PORT",
            "TOLLGATE_EVENT_LOOPS",
            "TOLLGATE_ACCESS_LOG",
            "TOLLGATE_ACCESS_LOG_FORMAT",
            "TOLLGATE_ACCESS_LOG_FIELDS",
            "TOLLGATE_ACCESS_LOG_QUERY",
            "TOLLGATE_ACCESS_LOG_MASK",
            "TOLLGATE_ACCESS_LOG_ADDRESS",
            "TOLLGATE_ACCESS_LOG_SAMPLE",
            "TOLLGATE_ACCESS_LOG_FILE_BYTES_MAX",
            "TOLLGATE_ACCESS_LOG_FILES_MAX",
            "TOLLGATE_DRAIN_SECONDS",
            "TOLLGATE_JOURNAL_BYTES_MAX",
            "TOLLGATE_DNS_SERVERS",
            "TOLLGATE_REQUEST_ID_FROM",
            "TOLLGATE_REQUEST_ID_TO",
            "TOLLGATE_TRACES_ENDPOINT",
            "TOLLGATE_TRACES_RATIO",
            "TOLLGATE_TRACES_PARENT",
            "TOLLGATE_METRICS_ROUTE_HISTOGRAMS");
    private static final int EVENT_LOOPS_MAX = 1024;
    private static final int DRAIN_SECONDS_MAX = 3600;
    private static final int PORT_MAX = 65_535;
    private static final long JOURNAL_BYTES = 1_073_741_824L;

    static NodeConfig parse(Map<String, String> environment, int processors) throws ConfigException {
        refuseUnknown(environment);
        Values values = new Values(environment);
        JoinTokenSource token = joinToken(values);
        StreamSecurity security = security(values, token);
        boolean joins = security.joinToken() == null;
        int eventLoops = (int) values.number("TOLLGATE_EVENT_LOOPS", processors, 1, EVENT_LOOPS_MAX);
        return new NodeConfig(
                Path.of(values.text("TOLLGATE_HOME", HOME)),
                diskKey(values),
                values.optional("TOLLGATE_NODE_ID"),
                values.text("TOLLGATE_ZONE", ""),
                controlPlanes(values.text("TOLLGATE_CONTROL_PLANE", "127.0.0.1:9090")),
                joins ? token : null,
                security,
                values.text("TOLLGATE_PROXY_HOST", "0.0.0.0"),
                (int) values.number("TOLLGATE_PROXY_PORT", 8080, 0, PORT_MAX),
                values.text("TOLLGATE_OPERATIONS_HOST", "127.0.0.1"),
                (int) values.number("TOLLGATE_OPERATIONS_PORT", 8081, 0, PORT_MAX),
                eventLoops,
                accessLog(values),
                (int) values.number("TOLLGATE_DRAIN_SECONDS", 15, 0, DRAIN_SECONDS_MAX),
                journalBytesMax(values, eventLoops),
                dnsServers(values.text("TOLLGATE_DNS_SERVERS", "")),
                requestIds(values),
                traces(values),
                (int) values.number(
                        "TOLLGATE_METRICS_ROUTE_HISTOGRAMS",
                        LoopCounters.ROUTE_HISTOGRAMS,
                        0,
                        LoopCounters.ROUTES_MAX));
    }

    private static long journalBytesMax(Values values, int eventLoops) throws ConfigException {
        long bytesMax = values.number("TOLLGATE_JOURNAL_BYTES_MAX", JOURNAL_BYTES, 1, Long.MAX_VALUE);
        try {
            return JournalBounds.of(eventLoops, bytesMax).bytesMax();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    "TOLLGATE_JOURNAL_BYTES_MAX for " + eventLoops + " event loops: " + e.getMessage());
        }
    }

    private static void refuseUnknown(Map<String, String> environment) throws ConfigException {
        for (String key : new TreeSet<>(environment.keySet())) {
            if (key.startsWith(PREFIX) && !KEYS.contains(key)) {
                throw new ConfigException(key + " is not a key of a node (nearest: " + NearestName.of(key, KEYS) + ")");
            }
        }
    }

    private static List<ControlPlaneAddress> controlPlanes(String text) throws ConfigException {
        try {
            return ControlPlaneAddress.parseList(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("TOLLGATE_CONTROL_PLANE: " + e.getMessage());
        }
    }

    private static List<InetSocketAddress> dnsServers(String text) throws ConfigException {
        try {
            return DnsServers.parseList(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("TOLLGATE_DNS_SERVERS: " + e.getMessage());
        }
    }

    private static @Nullable LogSettings accessLog(Values values) throws ConfigException {
        String where = values.text("TOLLGATE_ACCESS_LOG", "off");
        if (where.equals("off")) {
            return null;
        }
        try {
            return LogSettings.parse(where, key -> values.text(key, ""));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    private static RequestIdRules requestIds(Values values) throws ConfigException {
        try {
            return RequestIdRules.parse(
                    values.text("TOLLGATE_REQUEST_ID_FROM", "nobody"),
                    values.text("TOLLGATE_REQUEST_ID_TO", "upstream"));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("TOLLGATE_REQUEST_ID_" + e.getMessage());
        }
    }

    private static @Nullable TraceSettings traces(Values values) throws ConfigException {
        String endpoint = values.optional("TOLLGATE_TRACES_ENDPOINT");
        if (endpoint == null) {
            return null;
        }
        try {
            return TraceSettings.parse(
                    endpoint,
                    values.text("TOLLGATE_TRACES_RATIO", "0.01"),
                    values.text("TOLLGATE_TRACES_PARENT", "anyone"));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("TOLLGATE_TRACES_" + e.getMessage());
        }
    }

    private static StreamSecurity security(Values values, JoinTokenSource source) throws ConfigException {
        String token = token(source);
        try {
            StreamSecurity security = new StreamSecurity(
                    token == null || JoinToken.isOne(token) ? null : token,
                    values.file("TOLLGATE_STREAM_TRUST"),
                    values.file("TOLLGATE_STREAM_CERTIFICATE"),
                    values.file("TOLLGATE_STREAM_KEY"));
            if (security.joinToken() == null && security.isEncrypted()) {
                throw new ConfigException(
                        token == null
                                ? "no join token; PEM files of the stream go with the shared one: set TOLLGATE_JOIN_TOKEN, or"
                                        + " TOLLGATE_JOIN_TOKEN_FILE to the file join-token in the control plane's home"
                                : "TOLLGATE_STREAM_TRUST, TOLLGATE_STREAM_CERTIFICATE and TOLLGATE_STREAM_KEY (expected: none;"
                                        + " a node with a one-time join token gets its certificate itself)");
            }
            return security;
        } catch (IllegalArgumentException e) {
            throw new ConfigException("TOLLGATE_STREAM_CERTIFICATE and TOLLGATE_STREAM_KEY: " + e.getMessage());
        }
    }

    private static @Nullable DiskKey diskKey(Values values) throws ConfigException {
        String text = values.optional("TOLLGATE_DISK_KEY");
        Path file = values.file("TOLLGATE_DISK_KEY_FILE");
        try {
            if (text != null) {
                return DiskKey.parse(text);
            }
            return file == null ? null : DiskKey.parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    "TOLLGATE_DISK_KEY" + (text == null ? "_FILE " + file : "") + ": " + e.getMessage());
        } catch (IOException e) {
            throw new ConfigException("TOLLGATE_DISK_KEY_FILE " + file + " cannot be read: " + e.getMessage());
        }
    }

    /** A file may be gone once the node has joined. */
    private static JoinTokenSource joinToken(Values values) throws ConfigException {
        String text = values.optional("TOLLGATE_JOIN_TOKEN");
        if (text != null) {
            return new JoinTokenSource(text, null);
        }
        String named = values.optional("TOLLGATE_JOIN_TOKEN_FILE");
        if (named == null) {
            return JoinTokenSource.NONE;
        }
        boolean joined = Files.exists(NodeHome.membershipPath(Path.of(values.text("TOLLGATE_HOME", HOME))));
        return new JoinTokenSource(null, joined ? Path.of(named) : values.file("TOLLGATE_JOIN_TOKEN_FILE"));
    }

    private static @Nullable String token(JoinTokenSource source) throws ConfigException {
        Path file = source.file();
        if (file == null || !Files.exists(file)) {
            return checked("TOLLGATE_JOIN_TOKEN", source.text());
        }
        try {
            String read = Files.readString(file).strip();
            if (read.isEmpty()) {
                throw new ConfigException("TOLLGATE_JOIN_TOKEN_FILE " + file + " is empty (expected: a join token)");
            }
            return checked("TOLLGATE_JOIN_TOKEN_FILE " + file, read);
        } catch (IOException e) {
            throw new ConfigException("TOLLGATE_JOIN_TOKEN_FILE " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static @Nullable String checked(String where, @Nullable String token) throws ConfigException {
        try {
            if (token != null && JoinToken.isOne(token)) {
                JoinToken.parse(token);
            }
            return token;
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where + ": " + e.getMessage());
        }
    }

    /** Reads single values; an empty one counts as absent. */
    private record Values(Map<String, String> environment) {
        @Nullable
        String optional(String key) {
            String value = environment.get(key);
            return value == null || value.isBlank() ? null : value.strip();
        }

        String text(String key, String otherwise) {
            String value = optional(key);
            return value == null ? otherwise : value;
        }

        long number(String key, long otherwise, long min, long max) throws ConfigException {
            String value = optional(key);
            if (value == null) {
                return otherwise;
            }
            try {
                long number = Long.parseLong(value);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw outside(key, value, min, max);
            }
            throw outside(key, value, min, max);
        }

        @Nullable
        Path file(String key) throws ConfigException {
            String value = optional(key);
            if (value == null) {
                return null;
            }
            Path path = Path.of(value);
            if (!Files.isReadable(path)) {
                throw new ConfigException(key + " " + value + " cannot be read (expected: a file)");
            }
            return path;
        }

        private static ConfigException outside(String key, String value, long min, long max) {
            String bounds = max == Long.MAX_VALUE ? min + " or more" : min + " to " + max;
            return new ConfigException(key + " " + value + " (expected: a number, " + bounds + ")");
        }
    }
}
