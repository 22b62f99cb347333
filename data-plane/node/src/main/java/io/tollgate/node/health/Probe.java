package io.tollgate.node.health;

import io.tollgate.engine.upstream.CheckRules;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.TlsRules;
import io.tollgate.engine.upstream.Transport;
import io.tollgate.engine.upstream.UpstreamProtocol;
import io.tollgate.node.secure.TargetSecurity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One question to a target, over a connection of its own that is closed afterwards. Event-loop confined. */
final class Probe {
    private static final String AGENT = "tollgate-health-check";

    private final HttpClient http;
    private final HttpClient http2;
    private final NetClient tcp;

    Probe(Vertx vertx) {
        // Connections of their own: a check must find out whether a target takes new ones.
        http = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
        http2 = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setUseAlpn(true));
        tcp = vertx.createNetClient(new NetClientOptions());
    }

    /** Empty when the target is well, else what is wrong with it. Never fails. */
    Future<String> ask(TargetState target, CheckRules rules, Transport transport) {
        Future<String> answer = switch (rules.type()) {
            case HTTP -> get(target, rules, transport);
            case TCP -> connect(target);
            case GRPC ->
                GrpcHealth.ask(
                        http2,
                        connection(target, transport, UpstreamProtocol.HTTP2),
                        target,
                        rules.grpcService(),
                        AGENT);
        };
        return answer.timeout(rules.timeoutMillis(), TimeUnit.MILLISECONDS)
                .otherwise(failure -> failure instanceof TimeoutException
                        ? "no answer in " + rules.timeoutMillis() + " ms"
                        : String.valueOf(failure.getMessage()));
    }

    private Future<String> get(TargetState target, CheckRules rules, Transport transport) {
        String host = rules.host().isEmpty() ? transport.hostField(target) : rules.host();
        RequestOptions options = connection(target, transport, transport.protocol())
                .setMethod(HttpMethod.GET)
                .setURI(rules.path())
                .setTimeout(rules.timeoutMillis())
                .putHeader("User-Agent", AGENT);
        Future<HttpClientRequest> opened = transport.protocol() == UpstreamProtocol.HTTP1
                ? http.request(options.putHeader("Host", host))
                : http2.request(options).map(request -> request.authority(HostAndPort.parseAuthority(host, -1)));
        return opened.compose(request -> request.send())
                .compose(response -> response.end().map(end -> response.statusCode()))
                .map(status -> rules.isGood(status) ? "" : "status " + status)
                .onComplete(
                        done -> opened.onSuccess(request -> request.connection().close()));
    }

    private static RequestOptions connection(TargetState target, Transport transport, UpstreamProtocol protocol) {
        RequestOptions options = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(target.port(), target.host()))
                .setPort(target.port());
        TlsRules tls = transport.tls();
        return tls == null
                ? options.setHost(target.host())
                : options.setHost(tls.nameOf(target)).setSsl(true).setSslOptions(TargetSecurity.options(protocol, tls));
    }

    private Future<String> connect(TargetState target) {
        return tcp.connect(target.port(), target.host())
                .compose(socket -> socket.close())
                .map(closed -> "");
    }
}
