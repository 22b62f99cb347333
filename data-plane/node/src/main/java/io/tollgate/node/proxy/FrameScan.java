package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of one direction of a WebSocket (RFC 6455, 5.2) without touching them. Event-loop confined.
 *
 * <p>It reads headers only and skips payloads, so that its cost is that of the frames and not of their bytes:
 *
 * <pre>
 *   FIRST ─▶ LENGTH ─▶ EXTENDED (0, 2 or 8 bytes) ─▶ MASK (0 or 4) ─▶ payload ─▶ FIRST
 *   a border is where FIRST is awaited
 * </pre>
 */
final class FrameScan {
    /** What came is in order. */
    static final int FINE = 0;
    /** Close code: what came is no WebSocket. */
    static final int PROTOCOL_ERROR = 1002;
    /** Close code: a frame is larger than the gateway carries. */
    static final int TOO_BIG = 1009;

    private static final int CLOSE_OPCODE = 8;
    private static final int CONTROL_BYTES_MAX = 125;

    private final boolean fromClient;
    private final long frameBytesMax;

    private Part awaited = Part.FIRST;
    private int first;
    private int extendedLeft;
    private int maskLeft;
    private long length;
    private long payloadLeft;
    private boolean sawClose;
    private boolean lost;

    private enum Part {
        FIRST,
        LENGTH,
        EXTENDED,
        MASK,
        PAYLOAD
    }

    private FrameScan(boolean fromClient, long frameBytesMax) {
        this.fromClient = fromClient;
        this.frameBytesMax = frameBytesMax;
    }

    /** Of the frames of a client: they must be masked, and no larger than this. */
    static FrameScan ofClient(long frameBytesMax) {
        return new FrameScan(true, frameBytesMax);
    }

    /** Of the frames of a service: only followed; what is wrong with them is for its client to say. */
    static FrameScan ofService() {
        return new FrameScan(false, Long.MAX_VALUE);
    }

    /** Reads on, leaving the buffer as it is; {@link #FINE} or a close code. */
    int scan(ByteBuf bytes) {
        int index = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (index < end && !lost) {
            if (awaited == Part.PAYLOAD) {
                int skipped = (int) Math.min(payloadLeft, end - index);
                payloadLeft -= skipped;
                index += skipped;
                awaited = payloadLeft == 0 ? Part.FIRST : Part.PAYLOAD;
            } else {
                int wrong = header(bytes.getByte(index++) & 0xff);
                if (wrong != FINE) {
                    lost = true;
                    return fromClient ? wrong : FINE;
                }
            }
        }
        return FINE;
    }

    /** Whether a frame of the gateway's own may stand after what came. */
    boolean isAtBorder() {
        return awaited == Part.FIRST && !lost;
    }

    /** Whether a close frame has passed. */
    boolean sawClose() {
        return sawClose;
    }

    private int header(int octet) {
        switch (awaited) {
            case FIRST -> {
                first = octet;
                awaited = Part.LENGTH;
            }
            case LENGTH -> {
                return length(octet);
            }
            case EXTENDED -> {
                length = length << 8 | octet;
                extendedLeft--;
                if (extendedLeft == 0) {
                    return afterLength();
                }
            }
            case MASK -> {
                maskLeft--;
                if (maskLeft == 0) {
                    payload();
                }
            }
            case PAYLOAD -> throw new IllegalStateException("a payload is no header");
        }
        return FINE;
    }

    private int length(int octet) {
        boolean masked = (octet & 0x80) != 0;
        int small = octet & 0x7f;
        boolean control = (first & 0x08) != 0;
        if ((fromClient && !masked) || (control && (small > CONTROL_BYTES_MAX || (first & 0x80) == 0))) {
            return PROTOCOL_ERROR;
        }
        maskLeft = masked ? 4 : 0;
        extendedLeft = small == 126 ? 2 : small == 127 ? 8 : 0;
        length = extendedLeft == 0 ? small : 0;
        if (extendedLeft > 0) {
            awaited = Part.EXTENDED;
            return FINE;
        }
        return afterLength();
    }

    private int afterLength() {
        if (length < 0) {
            return PROTOCOL_ERROR;
        }
        if (length > frameBytesMax) {
            return TOO_BIG;
        }
        if (maskLeft > 0) {
            awaited = Part.MASK;
        } else {
            payload();
        }
        return FINE;
    }

    private void payload() {
        sawClose |= (first & 0x0f) == CLOSE_OPCODE;
        payloadLeft = length;
        awaited = length == 0 ? Part.FIRST : Part.PAYLOAD;
    }
}
