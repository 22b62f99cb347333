package io.tollgate.e2e.harness;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Secrets that were given to processes, and looks for them in whatever came out: as they are, in Base64 of both alphabets wherever they
 * stand in what was encoded, in hexadecimal and percent-encoded. Not thread-safe.
 */
public final class Planted {
    private final Map<String, List<byte[]>> forms = new LinkedHashMap<>();
    private final List<String> found = new ArrayList<>();
    private int looked;

    /** Gives a secret a name. */
    public Planted add(String name, String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        List<byte[]> known = formsOf(name, bytes);
        known.add(URLEncoder.encode(secret, StandardCharsets.UTF_8).getBytes(StandardCharsets.US_ASCII));
        StringBuilder escaped = new StringBuilder();
        for (byte octet : bytes) {
            escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
        }
        known.add(escaped.toString().getBytes(StandardCharsets.US_ASCII));
        forms.put(name, known);
        return this;
    }

    public Planted add(String name, byte[] secret) {
        forms.put(name, formsOf(name, secret));
        return this;
    }

    private static List<byte[]> formsOf(String name, byte[] secret) {
        if (secret.length < 12) {
            throw new IllegalArgumentException(name + " is so short that it may be anywhere by chance");
        }
        List<byte[]> known = new ArrayList<>();
        known.add(secret);
        String hex = HexFormat.of().formatHex(secret);
        known.add(hex.getBytes(StandardCharsets.US_ASCII));
        known.add(hex.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
        for (int before = 0; before < 3; before++) {
            // Of each alignment the characters that nothing but the secret decides.
            byte[] shifted = new byte[before + secret.length];
            System.arraycopy(secret, 0, shifted, before, secret.length);
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                String text = encoder.withoutPadding().encodeToString(shifted);
                int from = before == 0 ? 0 : 4;
                int to = text.length() - (shifted.length % 3 == 0 ? 0 : 1);
                known.add(text.substring(from, to).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return known;
    }

    /** Looks through something that came out; text is looked through without its line breaks too, as PEM has them. */
    public void look(String where, byte[] output) {
        looked++;
        byte[] joined = withoutLineBreaks(output);
        forms.forEach((name, known) -> {
            for (byte[] form : known) {
                if (contains(output, form) || contains(joined, form)) {
                    found.add(name + " in " + where);
                    return;
                }
            }
        });
    }

    public void look(String where, String output) {
        look(where, output.getBytes(StandardCharsets.UTF_8));
    }

    /** What was found, "secret in place". */
    public List<String> found() {
        return List.copyOf(found);
    }

    /** In how many things was looked. */
    public int looked() {
        return looked;
    }

    private static byte[] withoutLineBreaks(byte[] output) {
        byte[] kept = new byte[output.length];
        int length = 0;
        for (int i = 0; i < output.length; i++) {
            if (output[i] == '\\' && i + 1 < output.length && (output[i + 1] == 'n' || output[i + 1] == 'r')) {
                i++;
            } else if (output[i] != '\n' && output[i] != '\r') {
                kept[length++] = output[i];
            }
        }
        return Arrays.copyOf(kept, length);
    }

    private static boolean contains(byte[] haystack, byte[] needle) {
        byte first = needle[0];
        int last = haystack.length - needle.length;
        for (int i = 0; i <= last; i++) {
            if (haystack[i] == first && Arrays.equals(haystack, i, i + needle.length, needle, 0, needle.length)) {
                return true;
            }
        }
        return false;
    }
}
