package io.tollgate.controlplane.catalog.credential;

import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.envelope.SealedSecret;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.engine.password.PasswordHash;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What is kept of the secrets of credentials, sealed: of a password only its digest. Shared; worker threads only. */
@Singleton
public class BindingSecrets {
    private static final String BASIC = "basic";

    private final EnvelopeKey envelope;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    BindingSecrets(EnvelopeKey envelope, Clock clock) {
        this.envelope = envelope;
        this.clock = clock;
    }

    /**
     * Makes the digest of a password that is given, and finds out whether it is the one that is there. Takes tens of milliseconds, and as much
     * again as the digest that is there costs: never inside a write, which all others wait for.
     *
     * @param current the credential as it is before the write; null: a new one
     */
    BindingDraft digested(BindingDraft wanted, @Nullable CredentialEntity current) {
        BindingSecret given = wanted.secret();
        if (given == null || given.form() != BindingSecret.Form.PASSWORD) {
            return wanted;
        }
        String password = PasswordHash.normal(given.text());
        String held = current == null ? null : opened(current.secret(), current);
        PasswordHash hash = held == null ? null : PasswordHash.parse(held);
        return wanted.secret(new BindingSecret(
                BindingSecret.Form.PASSWORD_DIGEST,
                PasswordHash.of(password, random).text(),
                hash != null && hash.matches(password) ? held : null));
    }

    /**
     * What is to be kept; null where the type has no secret, or none was given. The one that is there stays when it is left out or given
     * again, so that nothing changes then. Nothing here is slow.
     */
    @Nullable
    SealedSecret of(BindingDraft wanted, CredentialEntity entity, FieldFaults faults) {
        SealedSecret known = entity.secret();
        BindingSecret given = wanted.secret();
        if (given == null) {
            if (known == null && BASIC.equals(wanted.type())) {
                faults.add("/basic/password", "absent (expected: it or password_hash for a user who has none yet)");
            }
            // A public key takes the place of a secret.
            return wanted.settings().containsKey("public_key") ? null : known;
        }
        return switch (given.form()) {
            case PASSWORD -> throw new IllegalStateException("a password inside a write (expected: its digest)");
            case PASSWORD_DIGEST -> ofDigest(given, known, entity);
            case PASSWORD_HASH -> ofHash(given.text(), known, entity, faults);
            case SHARED -> ofShared(given.text(), known, entity, faults);
        };
    }

    /** The one that is there stays only when it is still the one that the password was compared with. */
    private SealedSecret ofDigest(BindingSecret given, @Nullable SealedSecret known, CredentialEntity entity) {
        String held = given.held();
        return known != null && held != null && held.equals(opened(known, entity))
                ? known
                : sealed(given.text(), entity);
    }

    private @Nullable SealedSecret ofHash(
            String text, @Nullable SealedSecret known, CredentialEntity entity, FieldFaults faults) {
        if (PasswordHash.parse(text) == null) {
            faults.add("/basic/password_hash", "another text (expected: " + PasswordHash.EXPECTED + ")");
            return known;
        }
        return known != null && text.equals(opened(known, entity)) ? known : sealed(text, entity);
    }

    private @Nullable SealedSecret ofShared(
            String text, @Nullable SealedSecret known, CredentialEntity entity, FieldFaults faults) {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException none) {
            faults.add("/http_signature/shared_secret", "another text (expected: Base64)");
            return known;
        }
        byte[] held = openedBytes(known, entity);
        return known != null && held != null && MessageDigest.isEqual(held, secret) ? known : sealed(secret, entity);
    }

    private SealedSecret sealed(String text, CredentialEntity entity) {
        return sealed(text.getBytes(StandardCharsets.UTF_8), entity);
    }

    private SealedSecret sealed(byte[] secret, CredentialEntity entity) {
        return new SealedSecret(
                envelope.seal(entity.id(), secret),
                envelope.id(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private @Nullable String opened(@Nullable SealedSecret known, CredentialEntity entity) {
        byte[] bytes = openedBytes(known, entity);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private byte @Nullable [] openedBytes(@Nullable SealedSecret known, CredentialEntity entity) {
        if (known == null) {
            return null;
        }
        try {
            return envelope.open(entity.id(), known.bytes());
        } catch (GeneralSecurityException e) {
            // Of another envelope key: then the one that is given takes its place.
            return null;
        }
    }
}
