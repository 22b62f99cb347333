package io.tollgate.node.accesslog;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Makes a message of RFC 5424 of a line: facility local0, severity informational, no structured data. Used by the writing thread. */
final class SyslogMessage {
    /** Facility 16 (local0) times 8, and severity 6 (RFC 5424, 6.2.1). */
    private static final String PRIORITY_AND_VERSION = "<134>1 ";

    private static final int HOSTNAME_LENGTH_MAX = 255;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final String middle;

    /** @param hostname who says it: the id of the node */
    SyslogMessage(String hostname, long processId) {
        this.middle = " " + name(hostname) + " tollgate " + processId + " access - ";
    }

    /** The message, without the line's end. */
    byte[] of(byte[] line, long nowMillis) {
        byte[] header = (PRIORITY_AND_VERSION + TIME.format(Instant.ofEpochMilli(nowMillis)) + middle)
                .getBytes(StandardCharsets.US_ASCII);
        int length = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
        byte[] message = new byte[header.length + length];
        System.arraycopy(header, 0, message, 0, header.length);
        System.arraycopy(line, 0, message, header.length, length);
        return message;
    }

    private static String name(String hostname) {
        String printable = hostname.replaceAll("[^!-~]", "_");
        return printable.isEmpty() ? "-" : printable.substring(0, Math.min(printable.length(), HOSTNAME_LENGTH_MAX));
    }
}
