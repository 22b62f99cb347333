package io.tollgate.node.health;

import io.tollgate.engine.upstream.TargetState;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Asks {@code grpc.health.v1.Health/Check}; SERVING is good. Immutable functions.
 *
 * <p>The two messages are a string and a number, so they are framed by hand (gRPC over HTTP/2): a zero, the length in four bytes,
 * the message.
 */
final class GrpcHealth {
    private static final String CHECK = "/grpc.health.v1.Health/Check";
    private static final int FRAME_HEAD_BYTES = 5;
    private static final int TAG_SERVICE = 0x0a;
    private static final int TAG_STATUS = 0x08;
    private static final int SERVING = 1;
    private static final String[] STATUSES = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};

    private GrpcHealth() {}

    /**
     * Empty when the target is well, else what is wrong with it.
     *
     * @param client speaks HTTP/2
     * @param connection how to reach the target
     * @param service whose health is asked for; may be empty
     */
    static Future<String> ask(
            HttpClient client, RequestOptions connection, TargetState target, String service, String agent) {
        Future<HttpClientRequest> opened =
                client.request(connection.setMethod(HttpMethod.POST).setURI(CHECK));
        return opened.compose(request -> request.authority(HostAndPort.create(target.name(), target.port()))
                        .putHeader("content-type", "application/grpc")
                        .putHeader("te", "trailers")
                        .putHeader("user-agent", agent)
                        .send(question(service)))
                .compose(answer -> answer.body().map(body -> judge(answer, body)))
                .onComplete(
                        done -> opened.onSuccess(request -> request.connection().close()));
    }

    private static Buffer question(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        Buffer message = Buffer.buffer();
        if (name.length > 0) {
            message.appendByte((byte) TAG_SERVICE);
            int length = name.length;
            while (length > 0x7f) {
                message.appendByte((byte) ((length & 0x7f) | 0x80));
                length >>>= 7;
            }
            message.appendByte((byte) length).appendBytes(name);
        }
        return Buffer.buffer().appendByte((byte) 0).appendInt(message.length()).appendBuffer(message);
    }

    private static String judge(HttpClientResponse answer, Buffer body) {
        if (answer.statusCode() != 200) {
            return "status " + answer.statusCode();
        }
        String trailer = answer.trailers().get("grpc-status");
        @Nullable String code = trailer == null ? answer.getHeader("grpc-status") : trailer;
        if (!"0".equals(code)) {
            return "grpc-status " + code;
        }
        int status = 0;
        if (body.length() >= FRAME_HEAD_BYTES + 2 && body.getByte(FRAME_HEAD_BYTES) == TAG_STATUS) {
            status = body.getByte(FRAME_HEAD_BYTES + 1);
        }
        if (status == SERVING) {
            return "";
        }
        return status >= 0 && status < STATUSES.length ? STATUSES[status] : "serving status " + status;
    }
}
