package io.tollgate.controlplane.stream;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Lets only calls pass that carry the join token as {@code authorization: Bearer <token>}. Immutable. */
final class JoinTokenCheck implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final byte[] expected;

    JoinTokenCheck(String joinToken) {
        this.expected = ("Bearer " + joinToken).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (isRight(headers.get(AUTHORIZATION))) {
            return next.startCall(call, headers);
        }
        call.close(
                Status.UNAUTHENTICATED.withDescription(
                        "the join token is missing or wrong (expected: authorization: Bearer <join token>)"),
                new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private boolean isRight(@Nullable String authorization) {
        // Compared in constant time: the answer's delay must not tell how much of a guess was right.
        return authorization != null && MessageDigest.isEqual(expected, authorization.getBytes(StandardCharsets.UTF_8));
    }
}
