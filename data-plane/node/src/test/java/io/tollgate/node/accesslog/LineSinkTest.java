package io.tollgate.node.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.node.fixture.Gateway;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineSinkTest {
    private static final String HEADER =
            "<134>1 \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z node_1 tollgate 77 access - ";

    @TempDir
    Path directory;

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void write(LineSink sink, String text) throws IOException {
        sink.write(line(text));
    }

    @Test
    void file_pastItsSize_isRotatedAndTheOldestGoes() throws IOException {
        Path log = directory.resolve("a.log");
        Files.writeString(log, "old\n");
        try (FileSink sink = new FileSink(log, 9, 2)) {
            for (String text : new String[] {"one", "two", "three", "four", "five", "much-too-long-a-line", "six"}) {
                write(sink, text);
            }
        }

        assertThat(Files.readString(log)).isEqualTo("six\n");
        assertThat(Files.readString(directory.resolve("a.log.1"))).isEqualTo("much-too-long-a-line\n");
        assertThat(Files.readString(directory.resolve("a.log.2"))).isEqualTo("five\n");
        assertThat(directory.resolve("a.log.3")).doesNotExist();
        assertThat(directory.resolve("a.log.0")).doesNotExist();
    }

    @Test
    void file_noRotatedOnesKept_beginsAgain() throws IOException {
        Path log = directory.resolve("a.log");
        try (FileSink sink = new FileSink(log, 5, 0)) {
            write(sink, "one");
            write(sink, "two");
        }

        assertThat(Files.readString(log)).isEqualTo("two\n");
        assertThat(directory.resolve("a.log.0")).doesNotExist();
        assertThat(directory.resolve("a.log.1")).doesNotExist();
    }

    @Test
    void file_sizeOfZero_isNeverRotated() throws IOException {
        Path log = directory.resolve("a.log");
        try (FileSink sink = new FileSink(log, 0, 1)) {
            write(sink, "one");
            write(sink, "two");
        }

        assertThat(Files.readString(log)).isEqualTo("one\ntwo\n");
    }

    @Test
    void file_renamedOrDeletedBySomebodyElse_isMadeAnew() throws IOException {
        Path log = directory.resolve("a.log");
        Path moved = directory.resolve("moved.log");
        try (FileSink sink = new FileSink(log, 0, 0)) {
            write(sink, "one");
            sink.flush();
            Files.move(log, moved);
            write(sink, "two");
            sink.flush();
            write(sink, "three");
            sink.flush();
            Files.delete(log);
            sink.flush();
            write(sink, "four");
        }

        assertThat(Files.readString(moved)).isEqualTo("one\ntwo\n");
        assertThat(Files.readString(log)).isEqualTo("four\n");
    }

    @Test
    void file_reopened_holdsNothingBackInTheOldOne() throws IOException {
        Path log = directory.resolve("a.log");
        Path moved = directory.resolve("moved.log");
        try (FileSink sink = new FileSink(log, 0, 0)) {
            write(sink, "one");
            Files.move(log, moved);
            write(sink, "two");
            sink.reopen();

            assertThat(Files.readString(moved)).isEqualTo("one\ntwo\n");
            assertThat(log).isEmptyFile();
            write(sink, "three");
        }

        assertThat(Files.readString(log)).isEqualTo("three\n");
    }

    @Test
    void file_thatCannotBeWritten_isTriedAgain() throws IOException {
        Path place = Files.createDirectory(directory.resolve("place"));
        Path log = place.resolve("a.log");
        try (FileSink sink = new FileSink(log, 0, 0)) {
            Files.delete(log);
            Files.delete(place);
            assertThatThrownBy(sink::flush).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> write(sink, "one")).isInstanceOf(IOException.class);
            Files.createDirectory(place);
            write(sink, "two");
        }

        assertThat(Files.readString(log)).isEqualTo("two\n");
    }

    @Test
    void syslogUdp_line_isOneMessage() throws IOException {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                LineSink sink = new SyslogUdpSink(
                        "127.0.0.1", server.getLocalPort(), new SyslogMessage("node 1", 77), Gateway.CLOCK)) {
            server.setSoTimeout(15_000);
            write(sink, "{\"a\":\"\u00e9\"}");
            DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
            server.receive(packet);

            assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                    .matches(HEADER + "\\{\"a\":\"\u00e9\"}");
        }
    }

    @Test
    void syslogTcp_lines_areFramedByTheirLengthInOctets() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LineSink sink = new SyslogTcpSink(
                        "127.0.0.1", server.getLocalPort(), new SyslogMessage("node 1", 77), Gateway.CLOCK)) {
            write(sink, "{\"a\":\"\u00e9\"}");
            write(sink, "{}");
            sink.flush();
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(15_000);

                assertThat(message(socket.getInputStream())).matches(HEADER + "\\{\"a\":\"\u00e9\"}");
                assertThat(message(socket.getInputStream())).matches(HEADER + "\\{}");
            }
        }
    }

    @Test
    void syslogTcp_serverAway_isDialledAgainAfterASecond() throws IOException {
        AtomicLong nanos = new AtomicLong(1);
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        try (LineSink sink =
                new SyslogTcpSink("127.0.0.1", port, new SyslogMessage("node 1", 77), new Gateway.ChosenNanos(nanos))) {
            assertThatThrownBy(() -> write(sink, "lost")).isInstanceOf(IOException.class);
            try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                nanos.addAndGet(999_999_999);
                assertThatThrownBy(() -> write(sink, "lost")).hasMessageContaining("not dialled again yet");
                nanos.addAndGet(1);
                write(sink, "kept");
                sink.flush();
                try (Socket socket = server.accept()) {
                    socket.setSoTimeout(15_000);
                    assertThat(message(socket.getInputStream())).endsWith(" kept");
                }
            }
        }
    }

    private static String message(InputStream in) throws IOException {
        int length = 0;
        for (int c = in.read(); c != ' '; c = in.read()) {
            assertThat(c).isBetween((int) '0', (int) '9');
            length = length * 10 + c - '0';
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
