package io.tollgate.controlplane.catalog.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EnvelopeKeyTest {
    private static final String TEXT = Base64.getEncoder().encodeToString(new byte[32]);
    private static final UUID OBJECT = new UUID(1, 2);
    private static final byte[] SECRET = {1, 2, 3, 4};

    private final EnvelopeKey key = new EnvelopeKey(TEXT);

    @Test
    void open_whatWasSealed_isTheSecret() throws GeneralSecurityException {
        byte[] sealed = key.seal(OBJECT, SECRET);

        assertThat(sealed).hasSize(12 + SECRET.length + 16);
        assertThat(key.open(OBJECT, sealed)).isEqualTo(SECRET);
        assertThat(new EnvelopeKey(TEXT).open(OBJECT, sealed)).isEqualTo(SECRET);
    }

    @Test
    void seal_theSameTwice_neverLooksTheSame() {
        assertThat(key.seal(OBJECT, SECRET)).isNotEqualTo(key.seal(OBJECT, SECRET));
    }

    @Test
    void open_otherKeyObjectOrBytes_isRefused() {
        byte[] sealed = key.seal(OBJECT, SECRET);
        byte[] changed = sealed.clone();
        changed[14] ^= 1;
        byte[] otherKey = new byte[32];
        otherKey[0] = 1;
        EnvelopeKey other = new EnvelopeKey(Base64.getEncoder().encodeToString(otherKey));

        assertThat(other.id()).isNotEqualTo(key.id());
        assertThatThrownBy(() -> other.open(OBJECT, sealed)).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> key.open(new UUID(1, 3), sealed)).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> key.open(OBJECT, changed)).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> key.open(OBJECT, new byte[12])).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void derive_isHkdfOfTheKeyAndThePurpose() {
        // Made with another implementation of RFC 5869.
        assertThat(HexFormat.of().formatHex(key.derive("tollgate request digest")))
                .isEqualTo("22f8c5b53d99e774813409f0db50434ef3e0e9ff17118999764a0f6540c6d6bc");
        assertThat(key.derive("another purpose")).isNotEqualTo(key.derive("tollgate request digest"));
    }

    @Test
    void isKey_32BytesInEitherAlphabet_andNothingElse() {
        assertThat(EnvelopeKey.isKey(TEXT)).isTrue();
        assertThat(EnvelopeKey.isKey("__-_".repeat(10) + "_-8")).isTrue();
        assertThat(EnvelopeKey.isKey(Base64.getEncoder().encodeToString(new byte[16])))
                .isFalse();
        assertThat(EnvelopeKey.isKey("")).isFalse();
        assertThat(EnvelopeKey.isKey("not base64!")).isFalse();
    }
}
