package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.tollgate.engine.upstream.CallResult;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.exchange.StreamStanding;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * A call that goes on for long: an answer, an upload, or, where the service says so, a WebSocket. Its caller and its route are looked at
 * again and again. Made for such calls only. Event-loop confined.
 */
final class CallStream {
    private final ForwardedCall call;
    private final Exchange exchange;
    private @Nullable UpgradeRelay tunnel;
    private @Nullable StreamStanding standing;

    CallStream(ForwardedCall call, Exchange exchange) {
        this.call = call;
        this.exchange = exchange;
    }

    /** Whether it is a WebSocket. */
    boolean isTunnel() {
        return tunnel != null;
    }

    /** The service says that it goes on as a WebSocket: so does the client's connection; false when that was not asked so. */
    boolean becomeTunnel(Attempt from, HttpResponse head) {
        String key = exchange.upgradeKey();
        if (key == null || !Handshake.isAccepted(head, key)) {
            return false;
        }
        ByteBuf switched;
        try {
            AnswerHead.copy(head, exchange);
            switched = call.forwarder().switchHead().write(exchange.response().headers());
        } catch (IllegalArgumentException e) {
            return false;
        }
        call.onAnswered(from);
        if (!(from.surrender() instanceof Http1Connection connection)
                || !(exchange.request().connection() instanceof ConnectionBase client)) {
            switched.release();
            throw new IllegalStateException("a 101 without two connections");
        }
        UpgradeRelay relay = new UpgradeRelay(call, exchange, connection);
        tunnel = relay;
        call.forwarder().streams(call);
        exchange.answerStarted(head.status().code());
        // Counted before it is handed over, like every answer; what follows is one stream and not a call.
        exchange.scratch().meter().count(exchange, OutcomeClass.ofUpstreamStatus(exchange.answerStatus()));
        call.admission().told(CallResult.SUCCESS, call.forwarder().clock().epochMillis());
        connection.upgrade(relay);
        relay.start(client.channel(), switched);
        return true;
    }

    /** Ends it when it may not go on. */
    void look(long nowNanos) {
        UpgradeRelay socket = tunnel;
        if (socket != null && socket.isIdle(nowNanos)) {
            socket.end(UpgradeRelay.GOING_AWAY, Outcome.STREAM_IDLE);
            return;
        }
        StreamStanding known = standing;
        if (known == null) {
            known = new StreamStanding(exchange);
            standing = known;
        }
        Outcome outcome = call.forwarder().judge().judge(known, nowNanos);
        if (outcome == Outcome.OK) {
            return;
        }
        if (socket == null) {
            call.fail(outcome);
        } else {
            socket.end(
                    outcome == Outcome.STREAM_REVOKED ? UpgradeRelay.POLICY_VIOLATION : UpgradeRelay.GOING_AWAY,
                    outcome);
        }
    }
}
