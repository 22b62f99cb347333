package io.tollgate.engine.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses as people and header fields write them; never asks for a name. Immutable functions. */
public final class IpAddress {
    private static final int TEXT_CHARACTERS_MAX = 45;
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private IpAddress() {}

    /**
     * The address that a text is: 4 or 16 bytes, an IPv4 address that is mapped into IPv6 (RFC 4291, 2.5.5.2) as 4; null
     * when it is none. No zone and no port.
     */
    public static byte @Nullable [] parse(String text) {
        if (text.length() > TEXT_CHARACTERS_MAX
                || !(V4.matcher(text).matches() || V6.matcher(text).matches())) {
            return null;
        }
        try {
            // A text with a colon, or of four numbers, is never looked up.
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Whether it stands for all addresses of the machine. */
    public static boolean isWildcard(byte[] address) {
        for (byte part : address) {
            if (part != 0) {
                return false;
            }
        }
        return true;
    }
}
