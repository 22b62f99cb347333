package io.tollgate.node.accesslog;

import io.tollgate.node.exchange.Clock;
import java.io.IOException;
import java.nio.file.Path;

/** Where an access log is to go. Immutable. */
public sealed interface LogDestination {
    /** Opens it. */
    LineSink open(String nodeId, Clock clock) throws IOException;

    /** The standard output of the process. */
    record StandardOutput() implements LogDestination {
        @Override
        public LineSink open(String nodeId, Clock clock) {
            return new StreamSink(System.out);
        }
    }

    /**
     * A file.
     *
     * @param bytesMax size at which it is rotated; 0: never
     * @param filesMax rotated files that are kept
     */
    record LogFile(Path path, long bytesMax, int filesMax) implements LogDestination {
        @Override
        public LineSink open(String nodeId, Clock clock) throws IOException {
            return new FileSink(path, bytesMax, filesMax);
        }
    }

    /** A syslog server (RFC 5424), over UDP or TCP. */
    record Syslog(boolean datagrams, String host, int port) implements LogDestination {
        @Override
        public LineSink open(String nodeId, Clock clock) throws IOException {
            SyslogMessage message =
                    new SyslogMessage(nodeId, ProcessHandle.current().pid());
            return datagrams
                    ? new SyslogUdpSink(host, port, message, clock)
                    : new SyslogTcpSink(host, port, message, clock);
        }
    }
}
