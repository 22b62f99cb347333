package io.tollgate.node.dial;

import io.tollgate.node.home.DiskKey;
import io.tollgate.node.home.DurableFile;
import io.tollgate.node.home.SealedFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A membership on disk, and the key of one that is being asked for: each a file of its own, mode 600, sealed under the node's disk key
 * ({@link SealedFile}), replaced whole or not at all. Used by one thread at a time.
 *
 * <pre>
 *  membership          version, id of the token, key (PKCS#8), certificate, authority
 *  membership.pending  version, id of the token, key (PKCS#8), its public half
 * </pre>
 */
final class MembershipFile {
    private static final Logger LOG = System.getLogger(MembershipFile.class.getName());
    private static final int VERSION = 1;
    /** Keys and certificates of P-256 take a few hundred bytes each. */
    private static final int PART_BYTES_MAX = 65_536;

    private final Path path;
    private final Path pending;
    private final DiskKey key;
    private final SecureRandom random;

    MembershipFile(Path path, DiskKey key, SecureRandom random) {
        this.path = path;
        this.pending = path.resolveSibling(path.getFileName() + ".pending");
        this.key = key;
        this.random = random;
    }

    /** A key that was made for a token. Immutable. */
    private record Pending(UUID tokenId, KeyPair key) {}

    private interface Reader<T> {
        T read(DataInputStream in) throws IOException, GeneralSecurityException;
    }

    /** What the file holds; null when there is none, or none that can be trusted, which is then set aside. */
    @Nullable
    Membership read() throws IOException {
        return read(
                path,
                in -> new Membership(
                        new UUID(in.readLong(), in.readLong()),
                        Membership.privateKey(part(in)),
                        certificate(part(in)),
                        certificate(part(in))));
    }

    /** Replaces the file durably; the key that was asked for is no more pending. */
    void write(Membership membership) throws IOException {
        try {
            write(
                    path,
                    membership.tokenId(),
                    membership.key().getEncoded(),
                    membership.certificate().getEncoded(),
                    membership.authority().getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new IOException("a certificate that was read cannot be written", impossible);
        }
        Files.deleteIfExists(pending);
    }

    /**
     * The key to join with by this token, durable before the token is shown: when the answer is lost, the same key may ask again, and no other.
     */
    KeyPair keyFor(JoinToken token) throws IOException {
        Pending kept = read(pending, in -> {
            UUID tokenId = new UUID(in.readLong(), in.readLong());
            var own = Membership.privateKey(part(in));
            return new Pending(
                    tokenId,
                    new KeyPair(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(part(in))), own));
        });
        if (kept != null && kept.tokenId().equals(token.id())) {
            return kept.key();
        }
        KeyPair made = Membership.newKey(random);
        write(
                pending,
                token.id(),
                made.getPrivate().getEncoded(),
                made.getPublic().getEncoded());
        return made;
    }

    static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private void write(Path target, UUID tokenId, byte[]... parts) throws IOException {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        try (OutputStream body = SealedFile.seal(sealed, key, random);
                DataOutputStream out = new DataOutputStream(body)) {
            out.writeInt(VERSION);
            out.writeLong(tokenId.getMostSignificantBits());
            out.writeLong(tokenId.getLeastSignificantBits());
            for (byte[] part : parts) {
                out.writeInt(part.length);
                out.write(part);
            }
        }
        DurableFile.replace(target, sealed.toByteArray());
    }

    private <T> @Nullable T read(Path file, Reader<T> reader) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        String damage;
        try (DataInputStream in =
                new DataInputStream(SealedFile.open(new ByteArrayInputStream(Files.readAllBytes(file)), key))) {
            if (in.readInt() == VERSION) {
                return reader.read(in);
            }
            damage = "it is of another version";
        } catch (IOException | GeneralSecurityException unreadable) {
            damage = String.valueOf(unreadable.getMessage());
        }
        Path aside = file.resolveSibling(file.getFileName() + ".refused");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.log(Level.ERROR, "event=membership-file-refused file={0} reason=\"{1}\"", aside, damage);
        return null;
    }

    private static byte[] part(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > PART_BYTES_MAX) {
            throw new IOException("a part of " + length + " bytes");
        }
        byte[] part = in.readNBytes(length);
        if (part.length < length) {
            throw new IOException("it is cut short");
        }
        return part;
    }
}
