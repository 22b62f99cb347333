package io.tollgate.node.smuggling;

import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.smuggling.Http2Attempt.Fault;
import io.tollgate.node.smuggling.Http2Attempt.Field;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Writes requests as frames (RFC 9113) with header blocks of plain literals (RFC 7541, 6.2), in one of the many ways that mean the same. One
 * thread.
 */
final class Http2Bytes {
    private static final int CONTINUATION = 9;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;
    private static final int FRAME_OCTETS_MAX = 16_384;
    private static final String HIDDEN = "GET /pets/%d-hidden HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Random random;

    Http2Bytes(Random random) {
        this.random = random;
    }

    /** What is sent for it, in pieces between which frames of other streams may stand. */
    List<byte[]> of(Http2Attempt attempt, int stream) {
        Fault fault = attempt.fault();
        List<byte[]> pieces = new ArrayList<>();
        boolean isEmpty = attempt.data().isEmpty() && attempt.trailers() == null;
        boolean endsWithHead = isEmpty && fault != Fault.RESET && fault != Fault.HEAD_AMID;
        byte[] block = damaged(block(attempt.head()), fault);
        pieces.add(
                switch (fault) {
                    case STREAM_OF_SERVERS -> headers(stream + 1, true, block);
                    case STREAM_ZERO -> headers(0, true, block);
                    case STREAM_AGAIN -> headers(1, true, block);
                    case BLOCK_TORN -> torn(stream, stream, block, frame(Http2Wire.DATA, 0, stream, octets("x")));
                    case BLOCK_OF_ANOTHER -> torn(stream, stream + 2, block, new byte[0]);
                    case BLOCK_WITHOUT_HEAD -> frame(CONTINUATION, Http2Wire.END_HEADERS, stream, block);
                    case PADDING_TOO_LONG -> paddedTooLong(stream, block);
                    case FRAME_TOO_LONG ->
                        frame(
                                Http2Wire.HEADERS,
                                Http2Wire.END_HEADERS | Http2Wire.END_STREAM,
                                stream,
                                Arrays.copyOf(block, FRAME_OCTETS_MAX + 1));
                    default -> headers(stream, endsWithHead, block);
                });
        if (!endsWithHead) {
            body(attempt, stream, pieces);
        }
        String hidden = String.format(HIDDEN, attempt.number());
        switch (fault) {
            case RESET -> pieces.add(frame(Http2Wire.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}));
            case HEAD_BEHIND -> pieces.add(headers(stream, true, block(hiddenHead(attempt))));
            case DATA_BEHIND -> pieces.add(data(stream, true, hidden));
            default -> {
                // Nothing follows.
            }
        }
        return pieces;
    }

    private void body(Http2Attempt attempt, int stream, List<byte[]> pieces) {
        boolean ends = attempt.fault() != Fault.RESET;
        List<String> data = attempt.data();
        for (int i = 0; i < data.size(); i++) {
            boolean isLast = i == data.size() - 1;
            if (isLast && attempt.fault() == Fault.HEAD_AMID) {
                pieces.add(headers(stream, false, block(hiddenHead(attempt))));
            }
            pieces.add(data(stream, ends && isLast && attempt.trailers() == null, data.get(i)));
        }
        if (data.isEmpty() && attempt.fault() == Fault.HEAD_AMID) {
            pieces.add(headers(stream, false, block(hiddenHead(attempt))));
            pieces.add(data(stream, true, ""));
        }
        if (attempt.trailers() != null && ends) {
            pieces.add(headers(stream, true, block(attempt.trailers())));
        }
    }

    private static List<Field> hiddenHead(Http2Attempt attempt) {
        return List.of(
                new Field(":method", "GET"),
                new Field(":scheme", "http"),
                new Field(":authority", "a"),
                new Field(":path", "/pets/" + attempt.number() + "-hidden"));
    }

    private byte[] block(List<Field> fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (Field field : fields) {
            // Without indexing, never indexed, or taken into the table, which nothing refers to.
            block.write(
                    switch (random.nextInt(4)) {
                        case 0 -> 0x10;
                        case 1 -> 0x40;
                        default -> 0;
                    });
            literal(block, field.name());
            literal(block, field.value());
        }
        return block.toByteArray();
    }

    private static byte[] damaged(byte[] block, Fault fault) {
        byte[] more = switch (fault) {
            case INDEX_ZERO -> new byte[] {(byte) 0x80};
            case INDEX_OF_NOTHING -> new byte[] {(byte) 0xfe};
            case TEXT_CUT -> new byte[] {0, 3, 'x', '-'};
            // An update of the table's size to 16,384 or so; 4,096 were agreed on.
            case TABLE_TOO_LARGE -> new byte[] {0x3f, (byte) 0xe1, 0x7f};
            default -> new byte[0];
        };
        boolean isBefore = fault == Fault.TABLE_TOO_LARGE;
        return isBefore ? joined(more, block) : joined(block, more);
    }

    private byte[] headers(int stream, boolean end, byte[] block) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int pieces = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 1;
        int flags = end ? Http2Wire.END_STREAM : 0;
        int from = 0;
        for (int i = 0; i < pieces; i++) {
            int to = i == pieces - 1 ? block.length : from + random.nextInt(block.length - from + 1);
            byte[] part = Arrays.copyOfRange(block, from, to);
            int last = i == pieces - 1 ? Http2Wire.END_HEADERS : 0;
            if (i > 0) {
                all.writeBytes(frame(CONTINUATION, last, stream, part));
            } else {
                all.writeBytes(opening(stream, flags | last, part));
            }
            from = to;
        }
        return all.toByteArray();
    }

    private byte[] opening(int stream, int flags, byte[] part) {
        byte[] padding = padding();
        byte[] priority = random.nextInt(6) == 0 ? new byte[] {0, 0, 0, 0, 15} : new byte[0];
        int all = flags | (padding.length > 0 ? PADDED : 0) | (priority.length > 0 ? PRIORITY : 0);
        return frame(Http2Wire.HEADERS, all, stream, padded(joined(priority, part), padding));
    }

    private byte[] data(int stream, boolean end, String text) {
        byte[] padding = padding();
        int flags = (end ? Http2Wire.END_STREAM : 0) | (padding.length > 0 ? PADDED : 0);
        return frame(Http2Wire.DATA, flags, stream, padded(octets(text), padding));
    }

    /** Length and octets of a padding; empty: none. */
    private byte[] padding() {
        if (random.nextInt(6) > 0) {
            return new byte[0];
        }
        byte[] padding = new byte[1 + random.nextInt(20)];
        padding[0] = (byte) (padding.length - 1);
        return padding;
    }

    private static byte[] padded(byte[] content, byte[] padding) {
        return padding.length == 0
                ? content
                : joined(joined(new byte[] {padding[0]}, content), Arrays.copyOfRange(padding, 1, padding.length));
    }

    private static byte[] paddedTooLong(int stream, byte[] block) {
        byte[] payload = joined(new byte[] {(byte) 255}, Arrays.copyOf(block, Math.min(block.length, 200)));
        return frame(Http2Wire.HEADERS, PADDED | Http2Wire.END_HEADERS | Http2Wire.END_STREAM, stream, payload);
    }

    private static byte[] torn(int stream, int second, byte[] block, byte[] between) {
        int middle = block.length / 2;
        byte[] first = frame(Http2Wire.HEADERS, Http2Wire.END_STREAM, stream, Arrays.copyOf(block, middle));
        byte[] rest =
                frame(CONTINUATION, Http2Wire.END_HEADERS, second, Arrays.copyOfRange(block, middle, block.length));
        return joined(joined(first, between), rest);
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return Http2Wire.bytes(type, flags, stream, payload);
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        Http2Wire.literal(block, text);
    }

    private static byte[] octets(String text) {
        return Reading.octets(text);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
