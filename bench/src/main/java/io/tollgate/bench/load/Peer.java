package io.tollgate.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Another gateway doing the same work: a plain pass, or a key looked up and a rate limited. Only those whose program is installed take
 * part. Immutable.
 *
 * @param keyed whether it wants the key
 */
record Peer(String name, Server server, boolean keyed, String modules, String shared, String rules) {
    private static final long START_MILLIS_MAX = 10_000;
    private static final long POLL_NANOS = 20_000_000;

    /** The program that a peer's rules run in. */
    enum Server {
        NGINX("nginx", "nginx.conf"),
        HAPROXY("haproxy", "haproxy.cfg");

        private final String program;
        private final String template;

        Server(String program, String template) {
            this.program = program;
            this.template = template;
        }
    }

    private static final String NGINX_LUA_MODULES = """
            load_module /usr/lib/nginx/modules/ndk_http_module.so;
            load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;
            """;

    /** All that could run here. */
    static List<Peer> installed() {
        List<Peer> peers = new ArrayList<>();
        if (OnPath.find(Server.NGINX.program).isPresent()) {
            peers.add(new Peer("nginx, plain pass", Server.NGINX, false, "", "", ""));
            peers.add(new Peer(
                    "nginx, key map + limit_req",
                    Server.NGINX,
                    true,
                    "",
                    "",
                    "if ($consumer = \"\") { return 401; } limit_req zone=consumers burst=1000000 nodelay;"));
            if (Files.exists(Path.of("/usr/lib/nginx/modules/ngx_http_lua_module.so"))) {
                peers.add(new Peer(
                        "nginx, Lua key + counter",
                        Server.NGINX,
                        true,
                        NGINX_LUA_MODULES,
                        "lua_shared_dict keys 10m; lua_shared_dict counters 10m; init_by_lua_block { ngx.shared.keys:set(\"@KEY@\", \"acme\") }",
                        """
                        access_by_lua_block {
                          local consumer = ngx.shared.keys:get(ngx.var.http_x_api_key or "")
                          if not consumer then return ngx.exit(401) end
                          local count = ngx.shared.counters:incr(consumer .. ngx.time(), 1, 0, 2)
                          if count > 1000000 then return ngx.exit(429) end
                        }
                        """));
            }
        }
        if (OnPath.find(Server.HAPROXY.program).isPresent()) {
            peers.add(new Peer("HAProxy, plain pass", Server.HAPROXY, false, "", "", ""));
            peers.add(new Peer(
                    "HAProxy, map + stick table",
                    Server.HAPROXY,
                    true,
                    "",
                    "backend consumers\n  stick-table type string len 32 size 100k expire 60s store http_req_rate(1s)",
                    """
                    http-request set-var(txn.consumer) req.hdr(x-api-key),map_str(@FOLDER@/keys.map)
                      http-request deny deny_status 401 unless { var(txn.consumer) -m found }
                      http-request track-sc0 var(txn.consumer) table consumers
                      http-request deny deny_status 429 if { sc_http_req_rate(0) gt 1000000 }
                    """));
        }
        return peers;
    }

    /** Starts it on {@code port} in front of the upstream and returns when it takes connections. */
    BenchProcess start(Cores cores, int port, int upstreamPort, String key, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("keys.map"), key + " acme\n");
        String file = name.replaceAll("[^A-Za-z]+", "-");
        Map<String, String> values = Map.of("@MODULES@", modules, "@SHARED@", shared, "@RULES@", rules, "@NAME@", file);
        String text = fill(
                fill(template(), values),
                Map.of(
                        "@PORT@", Integer.toString(port),
                        "@UPSTREAM@", Integer.toString(upstreamPort),
                        "@KEY@", key,
                        "@FOLDER@", folder.toString()));
        Path configuration = Files.writeString(folder.resolve(file + ".conf"), text);
        String program = OnPath.find(server.program).orElseThrow().toString();
        List<String> command = server == Server.NGINX
                ? List.of(program, "-p", folder.toString(), "-c", configuration.toString())
                : List.of(program, "-db", "-f", configuration.toString());
        BenchProcess process = BenchProcess.start(file, cores.proxy(command), Map.of(), folder);
        awaitPort(process, port, folder.resolve(file + ".log"));
        return process;
    }

    /** The program's version, as it says itself. */
    String version() throws IOException {
        Process process = new ProcessBuilder(
                        OnPath.find(server.program).orElseThrow().toString(), "-v")
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return text.lines().findFirst().orElse("").replaceAll(" - https?://\\S+", "");
    }

    private String template() throws IOException {
        try (InputStream in = Optional.ofNullable(Peer.class.getResourceAsStream(server.template))
                .orElseThrow(() -> new IOException("the bench's jar lacks " + server.template))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String fill(String text, Map<String, String> values) {
        String filled = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace(value.getKey(), value.getValue());
        }
        return filled;
    }

    private static void awaitPort(BenchProcess process, int port, Path log) throws IOException {
        long deadline = System.currentTimeMillis() + START_MILLIS_MAX;
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.currentTimeMillis() > deadline) {
                    throw new IOException("a peer did not start: " + Files.readString(log), e);
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }
}
