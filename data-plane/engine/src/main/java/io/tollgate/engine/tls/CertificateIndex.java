package io.tollgate.engine.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the certificate that a client is shown. Immutable.
 *
 * <p>Implementation note. The client's name is looked up exactly, then with its first label replaced by {@code *}; at last come all
 * certificates in their order. The first place with a certificate of an algorithm that the client can use decides, so a certificate for
 * the name never loses against one that is for others. In one place ECDSA, which costs the node less, comes before RSA, and of two alike
 * the one that lives longer.
 */
public final class CertificateIndex {
    private final List<Shown> all;
    private final Map<String, Shown> byAlias = new HashMap<>();
    private final Map<String, List<Shown>> exact = new HashMap<>();
    private final Map<String, List<Shown>> wildcard = new HashMap<>();

    /**
     * A certificate by a name that no other version of it has.
     *
     * @param alias its id and the digest of its chain
     */
    public record Shown(String alias, Certificate certificate) {}

    private CertificateIndex(List<Certificate> certificates) {
        List<Shown> shown = new ArrayList<>(certificates.size());
        for (Certificate certificate : certificates) {
            Shown one = new Shown(alias(certificate), certificate);
            shown.add(one);
            byAlias.put(one.alias(), one);
            for (String name : certificate.names().dns()) {
                boolean isWildcard = name.startsWith("*.");
                (isWildcard ? wildcard : exact)
                        .computeIfAbsent(isWildcard ? name.substring(1) : name, key -> new ArrayList<>())
                        .add(one);
            }
        }
        all = List.copyOf(shown);
        exact.replaceAll((name, there) -> inOrder(there));
        wildcard.replaceAll((name, there) -> inOrder(there));
    }

    /** Certificates in the order in which they are shown to clients that name none of their names. */
    public static CertificateIndex of(List<Certificate> certificates) {
        return new CertificateIndex(certificates);
    }

    private static List<Shown> inOrder(List<Shown> there) {
        return there.stream()
                .sorted((one, other) -> {
                    int byAlgorithm = one.certificate().chain().keyAlgorithm()
                                    == other.certificate().chain().keyAlgorithm()
                            ? 0
                            : one.certificate().chain().keyAlgorithm() == KeyAlgorithm.ECDSA ? -1 : 1;
                    return byAlgorithm != 0
                            ? byAlgorithm
                            : other.certificate()
                                    .notAfter()
                                    .compareTo(one.certificate().notAfter());
                })
                .toList();
    }

    private static String alias(Certificate certificate) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (X509Certificate one : certificate.chain().certificates()) {
                digest.update(one.getEncoded());
            }
            return certificate.id() + "/" + HexFormat.of().formatHex(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256, and what was read can be written", e);
        }
    }

    /**
     * The certificate for a client; null when it can use none.
     *
     * @param serverName that it asks for; null when it says none
     * @param usable algorithms that it can use
     */
    public @Nullable Shown choose(@Nullable String serverName, Set<KeyAlgorithm> usable) {
        if (serverName != null) {
            String name = serverName.toLowerCase(Locale.ROOT);
            Shown found = first(exact.get(name), usable);
            int dot = name.indexOf('.');
            if (found == null && dot > 0) {
                found = first(wildcard.get(name.substring(dot)), usable);
            }
            if (found != null) {
                return found;
            }
        }
        return first(all, usable);
    }

    private static @Nullable Shown first(@Nullable List<Shown> there, Set<KeyAlgorithm> usable) {
        if (there != null) {
            for (Shown one : there) {
                if (usable.contains(one.certificate().chain().keyAlgorithm())) {
                    return one;
                }
            }
        }
        return null;
    }

    /** The certificate of this alias; null when this is another version. */
    public @Nullable Shown find(String alias) {
        return byAlias.get(alias);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CertificateIndex index && all.equals(index.all);
    }

    @Override
    public int hashCode() {
        return all.hashCode();
    }

    /** All of them, in their order. */
    public List<Shown> all() {
        return all;
    }
}
