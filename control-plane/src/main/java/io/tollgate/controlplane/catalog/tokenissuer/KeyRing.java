package io.tollgate.controlplane.catalog.tokenissuer;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.controlplane.catalog.envelope.SealedKeyPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * The key pairs of an issuer whose tokens nodes issue, the one whose time comes first in front. Immutable; its text never holds a secret.
 *
 * <pre>
 *   made ──{@link #LEAD}──▶ signs ──rotation──▶ the next one signs ──{@link #BELIEVED}──▶ gone
 * </pre>
 *
 * A pair is told ahead of its use, so that whoever keeps fetched keys has it by then; and is believed for as long as the last of its tokens may
 * live, and their clocks may differ.
 */
public record KeyRing(List<Pair> pairs) {
    /** As long as whoever fetches keys keeps them, twice. */
    public static final Duration LEAD = Duration.ofMinutes(10);
    /** The longest life of a token, and the greatest difference of clocks. */
    static final Duration BELIEVED = Duration.ofMinutes(66);
    /** As many as nodes take. */
    static final int PAIRS_MAX = 8;

    static final KeyRing EMPTY = new KeyRing(List.of());

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies and sorts the list. */
    public KeyRing {
        pairs = pairs.stream()
                .sorted(Comparator.comparingLong(Pair::signsFromMillis))
                .toList();
    }

    /**
     * One of them. Immutable; the arrays are not to be changed.
     *
     * @param privateKey PKCS#8, DER
     * @param publicKey SubjectPublicKeyInfo, DER
     */
    public record Pair(
            String id,
            String algorithm,
            @JsonProperty("private_key") byte[] privateKey,
            @JsonProperty("public_key") byte[] publicKey,
            @JsonProperty("signs_from_millis") long signsFromMillis) {
        /** Hides the key. */
        @Override
        public String toString() {
            return "Pair[" + id + "]";
        }
    }

    /** Reads what {@link #bytes} wrote. */
    public static KeyRing parse(byte[] bytes) {
        try {
            return JSON.readValue(bytes, KeyRing.class);
        } catch (IOException e) {
            throw new UncheckedIOException("a sealed ring of keys that is none", e);
        }
    }

    /** To be sealed. */
    byte[] bytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<ListedKey> listed() {
        return pairs.stream()
                .map(pair -> new ListedKey(pair.id(), pair.algorithm(), pair.signsFromMillis()))
                .toList();
    }

    /** With one more, whose time comes a while from now; at once when it is the first. */
    KeyRing withNew(String algorithm, Instant now) {
        KeyPair keys = SealedKeyPair.generate("RS256".equals(algorithm) ? "rsa-2048" : "ecdsa-p256");
        List<Pair> all = new ArrayList<>(pairs);
        all.add(new Pair(
                UUID.randomUUID().toString(),
                algorithm,
                keys.getPrivate().getEncoded(),
                keys.getPublic().getEncoded(),
                (pairs.isEmpty() ? now : now.plus(LEAD)).toEpochMilli()));
        return new KeyRing(all);
    }

    /** Without those whose last token is over. */
    KeyRing current(Instant now) {
        long over = now.minus(BELIEVED).toEpochMilli();
        int first = 0;
        while (first + 1 < pairs.size() && pairs.get(first + 1).signsFromMillis() < over) {
            first++;
        }
        return first == 0 ? this : new KeyRing(pairs.subList(first, pairs.size()));
    }

    @Override
    public String toString() {
        return "KeyRing" + pairs;
    }
}
