package io.tollgate.node.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class StreamEndTest {
    @Test
    void reason_withDescription_isThePeersWord() {
        assertThat(StreamEnd.reason(Status.UNAUTHENTICATED.withDescription("no token")))
                .isEqualTo("UNAUTHENTICATED no token");
    }

    @Test
    void reason_withCauseOnly_isWhatTheConnectionDiedOf() {
        IOException refused = new IOException("outer", new IOException("Connection refused: /127.0.0.1:1"));
        assertThat(StreamEnd.reason(Status.UNAVAILABLE.withCause(refused)))
                .isEqualTo("UNAVAILABLE Connection refused: /127.0.0.1:1");
        assertThat(StreamEnd.reason(Status.UNAVAILABLE.withCause(new ClosedChannelException())))
                .isEqualTo("UNAVAILABLE ClosedChannelException");
    }

    @Test
    void reason_withNeither_isWhatTheCodeMeans() {
        assertThat(StreamEnd.reason(Status.UNAVAILABLE)).isEqualTo("UNAVAILABLE no connection, or it broke");
        assertThat(StreamEnd.reason(Status.INTERNAL)).isEqualTo("INTERNAL");
    }
}
