package io.tollgate.engine.consumer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds a credential by the digest of its key. Immutable.
 *
 * <p>Implementation note.
 *
 * <pre>
 *   digest = w0 w1 w2 w3          shards[w0's low bits] ─▶ words  │ w0 w1 w2 w3 │ 0 0 0 0 │ w0 w1 w2 w3 │ ...
 *                                                          values │ Credential  │  null   │ Credential  │ ...
 *                                 slot = w1's low bits, then the next free one (linear probing, at most half full)
 * </pre>
 *
 * Digests are keyed hashes, so their bits are uniform and nobody without the secret can aim at a slot: no further hash is
 * needed. A lookup is two dependent reads and on average 1.5 probes, allocates nothing, and compares all four words
 * whatever the first says. Shards exist for change: an update copies the array of shards and builds anew only the shards
 * it touches, so a changed key among n costs O(n / {@value #SHARD_CREDENTIALS}) of array copying and one small shard.
 * Memory: 72 bytes per credential at half load, beside the credential itself.
 */
public final class CredentialIndex {
    /** An index that finds nothing. */
    public static final CredentialIndex EMPTY = new CredentialIndex(new Shard[] {Shard.EMPTY}, 0);

    /** Credentials that a shard is planned for. */
    static final int SHARD_CREDENTIALS = 1024;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Shard[] shards;
    private final int size;

    private CredentialIndex(Shard[] shards, int size) {
        this.shards = shards;
        this.size = size;
    }

    /**
     * A credential under its digest. Immutable.
     *
     * @param digest 32 bytes
     * @param credential what it finds
     */
    public record Entry(byte[] digest, Credential credential) {
        /** Copies and checks the digest. */
        public Entry {
            digest = digest.clone();
            if (digest.length != KeyHasher.DIGEST_BYTES) {
                throw new IllegalArgumentException(digest.length + " bytes (expected: 32)");
            }
        }
    }

    /** The credential with this digest; null when there is none. */
    public @Nullable Credential find(byte[] digest32) {
        long w0 = word(digest32, 0);
        return shards[(int) w0 & (shards.length - 1)].find(w0, word(digest32, 1), word(digest32, 2), word(digest32, 3));
    }

    /** How many credentials there are. */
    public int size() {
        return size;
    }

    /**
     * This index without the digests removed and with the entries put; an entry under a known digest takes its place.
     * Cost: see the note above; when the index outgrows its shards, or shrinks far below them, it is laid out anew once.
     */
    public CredentialIndex with(Collection<byte[]> removed, Collection<Entry> put) {
        int wanted = shardsFor(size + put.size());
        Shard[] laidOut = wanted > shards.length || wanted * 8 < shards.length ? layOut(wanted) : shards;
        int mask = laidOut.length - 1;
        @SuppressWarnings({"unchecked", "rawtypes"})
        ArrayList<Object>[] work = new ArrayList[laidOut.length];
        for (byte[] digest : removed) {
            work(work, (int) word(digest, 0) & mask).add(digest);
        }
        for (Entry entry : put) {
            work(work, (int) word(entry.digest(), 0) & mask).add(entry);
        }
        Shard[] next = laidOut.clone();
        int nextSize = size;
        for (int i = 0; i < work.length; i++) {
            List<Object> of = work[i];
            if (of != null) {
                next[i] = laidOut[i].with(of);
                nextSize += next[i].size - laidOut[i].size;
            }
        }
        return new CredentialIndex(next, nextSize);
    }

    private static List<Object> work(ArrayList<Object>[] work, int shard) {
        ArrayList<Object> of = work[shard];
        if (of == null) {
            of = new ArrayList<>();
            work[shard] = of;
        }
        return of;
    }

    private Shard[] layOut(int count) {
        Shard.Builder[] builders = new Shard.Builder[count];
        Arrays.setAll(builders, i -> new Shard.Builder(size / count + 1));
        for (Shard shard : shards) {
            for (int slot = 0; slot < shard.values.length; slot++) {
                Credential value = shard.values[slot];
                if (value != null) {
                    int at = slot * 4;
                    long w0 = shard.words[at];
                    builders[(int) w0 & (count - 1)].put(
                            w0, shard.words[at + 1], shard.words[at + 2], shard.words[at + 3], value);
                }
            }
        }
        Shard[] laidOut = new Shard[count];
        Arrays.setAll(laidOut, i -> builders[i].build());
        return laidOut;
    }

    private static int shardsFor(int credentials) {
        int wanted = credentials / SHARD_CREDENTIALS + 1;
        return Integer.highestOneBit(wanted * 2 - 1);
    }

    private static long word(byte[] digest, int index) {
        return (long) LONGS.get(digest, index * Long.BYTES);
    }

    /** One open-addressed table. Immutable. */
    private static final class Shard {
        static final Shard EMPTY = new Builder(1).build();

        final long[] words;
        final @Nullable Credential[] values;
        final int size;

        Shard(long[] words, @Nullable Credential[] values, int size) {
            this.words = words;
            this.values = values;
            this.size = size;
        }

        @Nullable
        Credential find(long w0, long w1, long w2, long w3) {
            int mask = values.length - 1;
            // Ends: the table is at most half full.
            for (int slot = (int) w1 & mask; ; slot = (slot + 1) & mask) {
                Credential value = values[slot];
                if (value == null) {
                    return null;
                }
                int at = slot * 4;
                if (((words[at] ^ w0) | (words[at + 1] ^ w1) | (words[at + 2] ^ w2) | (words[at + 3] ^ w3)) == 0) {
                    return value;
                }
            }
        }

        Shard with(List<Object> work) {
            Builder builder = new Builder(size + work.size());
            for (int slot = 0; slot < values.length; slot++) {
                Credential value = values[slot];
                if (value != null) {
                    int at = slot * 4;
                    builder.put(words[at], words[at + 1], words[at + 2], words[at + 3], value);
                }
            }
            boolean removedAny = false;
            for (Object item : work) {
                if (item instanceof byte[] digest) {
                    removedAny |= builder.blank(word(digest, 0), word(digest, 1), word(digest, 2), word(digest, 3));
                }
            }
            for (Object item : work) {
                if (item instanceof Entry entry) {
                    byte[] digest = entry.digest;
                    builder.put(word(digest, 0), word(digest, 1), word(digest, 2), word(digest, 3), entry.credential());
                }
            }
            return removedAny ? builder.withoutBlanks().build() : builder.build();
        }

        /** A shard in the making. Compile thread only. */
        static final class Builder {
            // Stands where an entry was removed, so that the probe sequences through it stay whole until the shard is
            // laid out anew.
            private static final Credential BLANK = new Credential(
                    "",
                    CredentialType.KEY,
                    new Consumer(new Identity("", "", 0, 0), false, List.of(), List.of(), Consumer.Overrides.NONE),
                    0,
                    true,
                    Terms.LIVE,
                    0,
                    0);

            private long[] words;
            private @Nullable Credential[] values;
            private int used;

            Builder(int expected) {
                int slots = Integer.highestOneBit(Math.max(2, expected) * 4 - 1);
                words = new long[slots * 4];
                values = new @Nullable Credential[slots];
            }

            void put(long w0, long w1, long w2, long w3, Credential value) {
                if ((used + 1) * 2 > values.length) {
                    grow();
                }
                int slot = slotOf(w0, w1, w2, w3);
                if (values[slot] == null) {
                    used++;
                }
                int at = slot * 4;
                words[at] = w0;
                words[at + 1] = w1;
                words[at + 2] = w2;
                words[at + 3] = w3;
                values[slot] = value;
            }

            boolean blank(long w0, long w1, long w2, long w3) {
                int slot = slotOf(w0, w1, w2, w3);
                boolean present = values[slot] != null;
                if (present) {
                    values[slot] = BLANK;
                }
                return present;
            }

            @SuppressWarnings("ReferenceEquality") // BLANK is a mark, not a value.
            Builder withoutBlanks() {
                Builder clean = new Builder(used);
                for (int slot = 0; slot < values.length; slot++) {
                    Credential value = values[slot];
                    if (value != null && value != BLANK) {
                        int at = slot * 4;
                        clean.put(words[at], words[at + 1], words[at + 2], words[at + 3], value);
                    }
                }
                return clean;
            }

            Shard build() {
                return new Shard(words, values, used);
            }

            private int slotOf(long w0, long w1, long w2, long w3) {
                int mask = values.length - 1;
                int slot = (int) w1 & mask;
                while (values[slot] != null) {
                    int at = slot * 4;
                    if (((words[at] ^ w0) | (words[at + 1] ^ w1) | (words[at + 2] ^ w2) | (words[at + 3] ^ w3)) == 0) {
                        return slot;
                    }
                    slot = (slot + 1) & mask;
                }
                return slot;
            }

            private void grow() {
                long[] oldWords = words;
                @Nullable Credential[] oldValues = values;
                words = new long[oldWords.length * 2];
                values = new @Nullable Credential[oldValues.length * 2];
                used = 0;
                for (int slot = 0; slot < oldValues.length; slot++) {
                    Credential value = oldValues[slot];
                    if (value != null) {
                        int at = slot * 4;
                        put(oldWords[at], oldWords[at + 1], oldWords[at + 2], oldWords[at + 3], value);
                    }
                }
            }
        }
    }
}
