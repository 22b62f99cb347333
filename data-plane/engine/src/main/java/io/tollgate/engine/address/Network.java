package io.tollgate.engine.address;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A network of IP addresses in CIDR notation (RFC 4632, 3.1), for example {@code 10.0.0.0/8}. Immutable. */
public final class Network {
    private final byte[] address;
    private final int prefixBits;

    private Network(byte[] address, int prefixBits) {
        this.address = address;
        this.prefixBits = prefixBits;
    }

    /** The network that a text is; a single address is a network of one. Null when it is none, or has bits set behind its prefix. */
    public static @Nullable Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        int bits = slash < 0 ? address.length * 8 : number(text, slash + 1);
        if (bits < 0 || bits > address.length * 8 || !endsAt(address, bits)) {
            return null;
        }
        return new Network(address, bits);
    }

    private static int number(String text, int start) {
        int digits = text.length() - start;
        if (digits < 1 || digits > 3 || (digits > 1 && text.charAt(start) == '0')) {
            return -1;
        }
        int number = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + c - '0';
        }
        return number;
    }

    private static boolean endsAt(byte[] address, int bits) {
        for (int bit = bits; bit < address.length * 8; bit++) {
            if ((address[bit / 8] & (0x80 >> (bit % 8))) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether an address of 4 or 16 bytes is in it. */
    public boolean contains(byte[] other) {
        if (other.length != address.length) {
            return false;
        }
        int whole = prefixBits / 8;
        if (Arrays.mismatch(address, 0, whole, other, 0, whole) >= 0) {
            return false;
        }
        int rest = prefixBits % 8;
        return rest == 0 || ((address[whole] ^ other[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }

    /** How many of its first bits all of its addresses share. */
    public int prefixBits() {
        return prefixBits;
    }

    boolean isV4() {
        return address.length == 4;
    }

    long high() {
        return high(address);
    }

    long low() {
        return low(address);
    }

    /** The first eight bytes of an address, those that it has not as zeros. */
    static long high(byte[] address) {
        return word(address, 0);
    }

    /** The bytes behind them. */
    static long low(byte[] address) {
        return word(address, 8);
    }

    private static long word(byte[] address, int start) {
        long word = 0;
        for (int i = start; i < start + 8; i++) {
            word = word << 8 | (i < address.length ? address[i] & 0xff : 0);
        }
        return word;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Network network
                && prefixBits == network.prefixBits
                && Arrays.equals(address, network.address);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(address) * 31 + prefixBits;
    }
}
