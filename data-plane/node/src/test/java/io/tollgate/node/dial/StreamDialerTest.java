package io.tollgate.node.dial;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamDialerTest {
    private static final List<ControlPlaneAddress> ANYWHERE = List.of(new ControlPlaneAddress("127.0.0.1", 1));

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    private void dialer(StreamSecurity security) {
        new StreamDialer(vertx, ANYWHERE, security);
    }

    @Test
    void create_goodPem_passes() throws Exception {
        TestCertificate own = TestCertificate.create(directory, "own");

        assertThatCode(() -> dialer(new StreamSecurity(null, own.certificate(), own.certificate(), own.key())))
                .doesNotThrowAnyException();
    }

    @Test
    void create_filesThatAreNoPem_isRefusedAtOnceAndNamesThem() throws Exception {
        TestCertificate own = TestCertificate.create(directory, "own");
        Path other = Files.writeString(directory.resolve("other"), "no pem\n");

        assertThatThrownBy(() -> dialer(new StreamSecurity(null, other, null, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stream trust " + other);
        assertThatThrownBy(() -> dialer(new StreamSecurity(null, directory, null, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stream trust " + directory);
        assertThatThrownBy(() -> dialer(new StreamSecurity(null, null, own.certificate(), other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(other.toString());
    }
}
