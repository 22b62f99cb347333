package io.tollgate.engine.consumer;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * The text of an API key: {@code tg_live_} or {@code tg_test_}, 256 random bits as 43 base62 characters, and the CRC-32
 * of all before it as 6 base62 characters. Immutable.
 *
 * <p>The checksum tells a mistyped or cut key from an unknown one without a lookup, and lets scanners of source code tell
 * a real key from noise.
 */
public final class ApiKey {
    /** Characters of a whole key. */
    public static final int LENGTH = 8 + 43 + 6;
    /** Characters of the part that is stored for people to recognise a key by. */
    public static final int PREFIX_LENGTH = 12;

    private static final int SECRET_LENGTH = 43;
    private static final int CHECKSUM_LENGTH = 6;
    private static final int SECRET_BITS = 256;
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(ALPHABET.length());

    private final String text;

    private ApiKey(String text) {
        this.text = text;
    }

    /** What a key is for; part of its text. Immutable. */
    public enum Environment {
        /** For real traffic. */
        LIVE("tg_live_"),
        /** For trying things out. */
        TEST("tg_test_");

        private final String label;

        Environment(String label) {
            this.label = label;
        }

        /** As the admin API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A new key. */
    public static ApiKey issue(Environment environment, SecureRandom random) {
        String body = environment.label + base62(new BigInteger(SECRET_BITS, random), SECRET_LENGTH);
        return new ApiKey(body + checksum(body, body.length()));
    }

    /** Whether this text can be a key at all: its label, its length, its characters and its checksum are right. */
    public static boolean isWellFormed(String text) {
        if (text.length() != LENGTH
                || !(text.startsWith(Environment.LIVE.label) || text.startsWith(Environment.TEST.label))) {
            return false;
        }
        for (int i = Environment.LIVE.label.length(); i < LENGTH; i++) {
            if (valueOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return checksumMatches(text);
    }

    /** The whole key; shown once. */
    public String text() {
        return text;
    }

    /** The first {@value #PREFIX_LENGTH} characters. */
    public String prefix() {
        return text.substring(0, PREFIX_LENGTH);
    }

    /** Hides the secret. */
    @Override
    public String toString() {
        return prefix() + "...";
    }

    private static boolean checksumMatches(String text) {
        int body = LENGTH - CHECKSUM_LENGTH;
        long given = 0;
        for (int i = body; i < LENGTH; i++) {
            given = given * ALPHABET.length() + valueOf(text.charAt(i));
        }
        return given == crc(text, body);
    }

    private static String checksum(String text, int length) {
        return base62(BigInteger.valueOf(crc(text, length)), CHECKSUM_LENGTH);
    }

    private static long crc(String text, int length) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1), 0, length);
        return crc.getValue();
    }

    private static String base62(BigInteger value, int width) {
        char[] out = new char[width];
        BigInteger rest = value;
        for (int i = width - 1; i >= 0; i--) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            out[i] = ALPHABET.charAt(parts[1].intValue());
            rest = parts[0];
        }
        return new String(out);
    }

    private static int valueOf(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'A' && c <= 'Z') {
            return c - 'A' + 10;
        }
        return c >= 'a' && c <= 'z' ? c - 'a' + 36 : -1;
    }
}
