package io.tollgate.node.tls;

import io.netty.buffer.ByteBuf;
import io.tollgate.engine.tls.KeyAlgorithm;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client says first (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2), as far as it decides which certificate it is shown. Immutable.
 *
 * <p>TLS stacks tell key managers less than that: neither says which suites of TLS 1.2 the client has.
 *
 * @param serverName that it asks for (RFC 6066, 3); null when it says none
 * @param usable kinds of key with which it can agree on something
 * @param isProof whether it speaks nothing but acme-tls/1 (RFC 8737, 3): it wants to see who answers for the name, not to talk
 */
record ClientHello(@Nullable String serverName, Set<KeyAlgorithm> usable, boolean isProof) {
    /** Of a client whose first message could not be read ahead. */
    static final ClientHello UNKNOWN = new ClientHello(null, EnumSet.allOf(KeyAlgorithm.class), false);

    private static final int RECORD_HEAD_BYTES = 5;
    private static final int RECORD_HANDSHAKE = 22;
    private static final int HANDSHAKE_HEAD_BYTES = 4;
    private static final int HANDSHAKE_CLIENT_HELLO = 1;
    private static final int VERSION_AND_RANDOM_BYTES = 34;
    private static final int EXTENSION_SERVER_NAME = 0;
    private static final int EXTENSION_SIGNATURES = 13;
    private static final int EXTENSION_PROTOCOLS = 16;
    private static final int EXTENSION_VERSIONS = 43;
    private static final int TLS_1_3 = 0x0304;

    /** The first message at the reader index, which stays; null when it is not all there in one record. */
    static @Nullable ClientHello peek(ByteBuf in) {
        int start = in.readerIndex();
        if (in.readableBytes() < RECORD_HEAD_BYTES + HANDSHAKE_HEAD_BYTES
                || in.getUnsignedByte(start) != RECORD_HANDSHAKE
                || in.getUnsignedByte(start + RECORD_HEAD_BYTES) != HANDSHAKE_CLIENT_HELLO) {
            return null;
        }
        int recordBytes = in.getUnsignedShort(start + 3);
        int messageBytes = in.getUnsignedMedium(start + RECORD_HEAD_BYTES + 1);
        int bodyStart = start + RECORD_HEAD_BYTES + HANDSHAKE_HEAD_BYTES;
        if (messageBytes + HANDSHAKE_HEAD_BYTES > recordBytes || in.writerIndex() < bodyStart + messageBytes) {
            return null;
        }
        try {
            return read(in.slice(bodyStart, messageBytes));
        } catch (IndexOutOfBoundsException malformed) {
            // The stack will say so, in the words of the protocol.
            return null;
        }
    }

    private static ClientHello read(ByteBuf hello) {
        hello.skipBytes(VERSION_AND_RANDOM_BYTES);
        hello.skipBytes(hello.readUnsignedByte());
        Offer offer = new Offer();
        ByteBuf suites = hello.readSlice(hello.readUnsignedShort());
        while (suites.isReadable(2)) {
            offer.suite(suites.readUnsignedShort());
        }
        hello.skipBytes(hello.readUnsignedByte());
        String serverName = null;
        boolean isProof = false;
        if (hello.isReadable(2)) {
            ByteBuf extensions = hello.readSlice(hello.readUnsignedShort());
            while (extensions.isReadable(4)) {
                int type = extensions.readUnsignedShort();
                ByteBuf extension = extensions.readSlice(extensions.readUnsignedShort());
                switch (type) {
                    case EXTENSION_SERVER_NAME -> serverName = serverName(extension);
                    case EXTENSION_SIGNATURES -> offer.signatures(extension);
                    case EXTENSION_VERSIONS -> offer.versions(extension);
                    case EXTENSION_PROTOCOLS -> isProof = isProof(extension);
                    default -> {}
                }
            }
        }
        return new ClientHello(serverName, offer.usable(), isProof);
    }

    private static boolean isProof(ByteBuf extension) {
        ByteBuf names = extension.readSlice(extension.readUnsignedShort());
        String first = names.readCharSequence(names.readUnsignedByte(), StandardCharsets.US_ASCII)
                .toString();
        return first.equals(AcmeTls.PROTOCOL) && !names.isReadable();
    }

    private static @Nullable String serverName(ByteBuf extension) {
        ByteBuf names = extension.readSlice(extension.readUnsignedShort());
        while (names.isReadable(3)) {
            boolean isHost = names.readUnsignedByte() == 0;
            int bytes = names.readUnsignedShort();
            String name =
                    names.readCharSequence(bytes, StandardCharsets.US_ASCII).toString();
            if (isHost) {
                return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            }
        }
        return null;
    }

    /** What both sides could agree on. One thread. */
    private static final class Offer {
        private boolean suite13;
        private boolean suiteEcdsa;
        private boolean suiteRsa;
        private boolean version13;
        private boolean saysSignatures;
        private boolean signsEcdsa;
        private boolean signsRsa;
        private boolean signsPss;

        void suite(int suite) {
            switch (suite) {
                case 0x1301, 0x1302, 0x1303 -> suite13 = true;
                case 0xC02B, 0xC02C, 0xCCA9 -> suiteEcdsa = true;
                case 0xC02F, 0xC030, 0xCCA8 -> suiteRsa = true;
                default -> {}
            }
        }

        void signatures(ByteBuf extension) {
            saysSignatures = true;
            ByteBuf schemes = extension.readSlice(extension.readUnsignedShort());
            while (schemes.isReadable(2)) {
                switch (schemes.readUnsignedShort()) {
                    case 0x0403, 0x0503 -> signsEcdsa = true;
                    case 0x0401, 0x0501, 0x0601 -> signsRsa = true;
                    case 0x0804, 0x0805, 0x0806 -> signsPss = true;
                    default -> {}
                }
            }
        }

        void versions(ByteBuf extension) {
            ByteBuf versions = extension.readSlice(extension.readUnsignedByte());
            while (versions.isReadable(2)) {
                version13 |= versions.readUnsignedShort() == TLS_1_3;
            }
        }

        Set<KeyAlgorithm> usable() {
            boolean is13 = version13 && suite13;
            Set<KeyAlgorithm> usable = EnumSet.noneOf(KeyAlgorithm.class);
            if (is13 ? signsEcdsa : suiteEcdsa && (signsEcdsa || !saysSignatures)) {
                usable.add(KeyAlgorithm.ECDSA);
            }
            if (is13 ? signsPss : suiteRsa && (signsRsa || signsPss || !saysSignatures)) {
                usable.add(KeyAlgorithm.RSA);
            }
            // Nothing in common: the handshake fails with whatever is shown, and says why.
            return usable.isEmpty() ? EnumSet.allOf(KeyAlgorithm.class) : usable;
        }
    }
}
