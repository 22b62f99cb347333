package io.tollgate.controlplane.admin.answer;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Makes entity tags (RFC 9110, section 8.8.3). Immutable. */
final class EntityTag {
    /** What follows in a tag tells how a thing fares. */
    private static final char FARES = '.';

    private EntityTag() {}

    /** Of one thing: its version, and a checksum because it also shows the names of others. */
    static String of(long version, String json) {
        return "\"" + version + "-" + checksum(json) + "\"";
    }

    /**
     * Of one thing that also shows how it fares: whoever writes it must have read what was wanted of it, not how it fared at that moment.
     *
     * @param steady its JSON without that
     */
    static String of(long version, String json, String steady) {
        return "\"" + version + "-" + checksum(steady) + FARES + checksum(json) + "\"";
    }

    /** Of a page; weak, since nobody writes a page back. */
    static String ofPage(String json) {
        return "W/\"" + checksum(json) + "\"";
    }

    private static String checksum(String json) {
        CRC32 checksum = new CRC32();
        checksum.update(json.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(checksum.getValue());
    }

    /** Whether a list of tags (or {@code *}) as in If-Match holds {@code tag}; how the thing fares does not count. */
    static boolean isWritable(String list, String tag) {
        if (list.strip().equals("*")) {
            return true;
        }
        for (String listed : list.split(",", -1)) {
            if (steady(listed).equals(steady(tag))) {
                return true;
            }
        }
        return false;
    }

    private static String steady(String tag) {
        String opaque = opaque(tag);
        int fares = opaque.indexOf(FARES);
        return fares < 0 ? opaque : opaque.substring(0, fares) + '"';
    }

    /** Whether a list of tags (or {@code *}) as in If-None-Match holds {@code tag}; weak marks do not count. */
    static boolean isListed(String list, String tag) {
        if (list.strip().equals("*")) {
            return true;
        }
        for (String listed : list.split(",", -1)) {
            if (opaque(listed).equals(opaque(tag))) {
                return true;
            }
        }
        return false;
    }

    private static String opaque(String tag) {
        String stripped = tag.strip();
        return stripped.startsWith("W/") ? stripped.substring(2) : stripped;
    }
}
