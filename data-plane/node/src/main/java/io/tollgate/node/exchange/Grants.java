package io.tollgate.node.exchange;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What services said yes to, for as long as that holds. One per event loop, confined to it.
 *
 * <p>Implementation note. A grant is found by the SHA-256 of the whole question, parts told apart by their lengths: another question, if
 * only by one character, is another grant. Those that were not used for longest go first when there are too many, or too much to
 * remember in them.
 */
public final class Grants {
    static final int COUNT_MAX = 10_000;
    /** Characters of all fields that are remembered: a few megabytes of an event loop. */
    static final int CHARACTERS_MAX = 2_000_000;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Map<String, Grant> known = new LinkedHashMap<>(16, 0.75f, true);
    private final MessageDigest digest;
    private int characters;

    Grants() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private record Grant(List<GatewayAnswer.Field> fields, int characters, long sinceNanos) {}

    /** What a question is remembered by. */
    public String key(List<String> question) {
        digest.reset();
        for (int i = 0; i < question.size(); i++) {
            byte[] part = question.get(i).getBytes(StandardCharsets.UTF_8);
            int length = part.length;
            digest.update((byte) (length >>> 24));
            digest.update((byte) (length >>> 16));
            digest.update((byte) (length >>> 8));
            digest.update((byte) length);
            digest.update(part);
        }
        return new String(digest.digest(), StandardCharsets.ISO_8859_1);
    }

    /**
     * The fields that came with a yes that still holds; null when there is none.
     *
     * @param seconds how long a yes holds, as whoever asks has it now
     */
    public @Nullable List<GatewayAnswer.Field> find(String key, long seconds, long nowNanos) {
        Grant found = known.get(key);
        if (found == null) {
            return null;
        }
        if (nowNanos - found.sinceNanos >= seconds * NANOS_PER_SECOND) {
            known.remove(key);
            characters -= found.characters;
            return null;
        }
        return found.fields;
    }

    /** A service said yes, with these fields. */
    public void put(String key, List<GatewayAnswer.Field> fields, long nowNanos) {
        int size = key.length();
        for (GatewayAnswer.Field field : fields) {
            size += field.name().length() + field.value().length();
        }
        Grant before = known.put(key, new Grant(fields, size, nowNanos));
        characters += size - (before == null ? 0 : before.characters);
        while (known.size() > COUNT_MAX || characters > CHARACTERS_MAX) {
            String oldest = known.keySet().iterator().next();
            Grant gone = known.remove(oldest);
            characters -= gone == null ? 0 : gone.characters;
        }
    }

    int size() {
        return known.size();
    }
}
