package io.tollgate.node.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.node.home.DiskKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipFileTest {
    private static final TestAuthority AUTHORITY = TestAuthority.root("streams");
    private static final JoinToken TOKEN = new JoinToken(new UUID(1, 2), "secret", "00");

    @TempDir
    Path directory;

    private MembershipFile file(int key) {
        byte[] bytes = new byte[DiskKey.BYTES];
        bytes[0] = (byte) key;
        return new MembershipFile(
                directory.resolve("membership"),
                DiskKey.parse(Base64.getEncoder().encodeToString(bytes)),
                new SecureRandom());
    }

    private static Membership membership() {
        TestAuthority.Issued own = AUTHORITY.ecdsaFor("node-1");
        return new Membership(new UUID(1, 2), own.keys().getPrivate(), own.certificate(), AUTHORITY.certificate());
    }

    @Test
    void written_isReadBack_andNobodyElseReadsIt() throws IOException {
        Membership membership = membership();
        file(1).write(membership);

        assertThat(file(1).read()).isEqualTo(membership);
        Path path = directory.resolve("membership");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1))
                .doesNotContain("node-1");
    }

    @Test
    void ofAnotherDiskKeyOrCutShort_isSetAside() throws IOException {
        file(1).write(membership());
        assertThat(file(2).read()).isNull();
        assertThat(directory.resolve("membership.refused")).exists();
        assertThat(directory.resolve("membership")).doesNotExist();

        file(1).write(membership());
        Path path = directory.resolve("membership");
        byte[] whole = Files.readAllBytes(path);
        Files.write(path, java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThat(file(1).read()).isNull();
    }

    @Test
    void keyToJoinWith_staysTheSameForOneToken_untilItIsAMember() throws IOException {
        KeyPair first = file(1).keyFor(TOKEN);
        assertThat(file(1).keyFor(TOKEN).getPublic()).isEqualTo(first.getPublic());
        assertThat(file(1).keyFor(new JoinToken(new UUID(3, 4), "secret", "00")).getPublic())
                .isNotEqualTo(first.getPublic());

        file(1).write(membership());
        assertThat(directory.resolve("membership.pending")).doesNotExist();
    }
}
