package io.tollgate.node.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedFileTest {
    private static final DiskKey KEY = DiskKey.parse("A".repeat(43) + "=");
    private static final int SEALED_SEGMENT = SealedFile.SEGMENT_BYTES + 16;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, 200_000})
    void open_whatWasSealed_same(int length) throws IOException {
        byte[] plain = bytes(length);
        assertThat(open(seal(plain))).isEqualTo(plain);
    }

    @Test
    void seal_twice_neverTheSame() throws IOException {
        byte[] plain = bytes(100);
        assertThat(seal(plain)).isNotEqualTo(seal(plain));
    }

    @Test
    void open_cutAtASegment_refused() throws IOException {
        byte[] sealed = seal(bytes(200_000));
        for (int segments = 0; segments < 4; segments++) {
            refused(Arrays.copyOf(sealed, DiskKey.SALT_BYTES + segments * SEALED_SEGMENT));
        }
    }

    @Test
    void open_segmentsSwapped_refused() throws IOException {
        byte[] sealed = seal(bytes(200_000));
        byte[] swapped = sealed.clone();
        System.arraycopy(sealed, DiskKey.SALT_BYTES, swapped, DiskKey.SALT_BYTES + SEALED_SEGMENT, SEALED_SEGMENT);
        System.arraycopy(sealed, DiskKey.SALT_BYTES + SEALED_SEGMENT, swapped, DiskKey.SALT_BYTES, SEALED_SEGMENT);
        refused(swapped);
    }

    @Test
    void open_segmentOfAnotherFile_refused() throws IOException {
        byte[] sealed = seal(bytes(70_000));
        byte[] other = seal(bytes(70_000));
        byte[] mixed = sealed.clone();
        System.arraycopy(other, DiskKey.SALT_BYTES, mixed, DiskKey.SALT_BYTES, SEALED_SEGMENT);
        refused(mixed);
    }

    @Test
    void open_moreBehindTheLast_refused() throws IOException {
        byte[] sealed = seal(bytes(10));
        refused(Arrays.copyOf(sealed, sealed.length + 1));
    }

    private static void refused(byte[] sealed) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(sealed));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] seal(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream sealing = SealedFile.seal(out, KEY, new SecureRandom())) {
            sealing.write(plain, 0, plain.length / 2);
            sealing.write(plain, plain.length / 2, plain.length - plain.length / 2);
        }
        return out.toByteArray();
    }

    private static byte[] open(byte[] sealed) throws IOException {
        return SealedFile.open(new ByteArrayInputStream(sealed), KEY).readAllBytes();
    }
}
