package io.tollgate.controlplane.catalog.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.envelope.SealedSecret;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.engine.password.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What of a password is slow is done before a write; what a write finds is as it was when the password was compared, or not. */
class BindingSecretsTest {
    private static final String FIRST = "correct horse";
    private static final String SECOND = "correct mule";

    private final EnvelopeKey envelope = EnvelopeKey.of(Base64.getEncoder().encodeToString(new byte[32]));
    private final BindingSecrets secrets = new BindingSecrets(envelope, Clock.systemUTC());
    private final CredentialEntity entity = new CredentialEntity(new UUID(1, 2), "basic");

    private static BindingDraft draft(String password) {
        return new BindingDraft(
                "batch",
                "basic",
                null,
                Map.of("user_name", "batch"),
                new BindingSecret(BindingSecret.Form.PASSWORD, password));
    }

    private SealedSecret kept(BindingDraft digested) {
        SealedSecret kept = secrets.of(digested, entity, new FieldFaults());
        assertThat(kept).isNotNull();
        entity.bind(digested, null, kept);
        return kept;
    }

    private PasswordHash hash() throws GeneralSecurityException {
        SealedSecret kept = entity.secret();
        assertThat(kept).isNotNull();
        PasswordHash hash =
                PasswordHash.parse(new String(envelope.open(entity.id(), kept.bytes()), StandardCharsets.UTF_8));
        assertThat(hash).isNotNull();
        return hash;
    }

    @Test
    void password_insideAWrite_isABug() {
        assertThatThrownBy(() -> secrets.of(draft(FIRST), entity, new FieldFaults()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageNotContaining(FIRST);
    }

    @Test
    void password_thatIsThereAlready_changesNothing_andAnotherDoes() throws GeneralSecurityException {
        byte[] first = kept(secrets.digested(draft(FIRST), null)).bytes();
        assertThat(hash().matches(FIRST)).isTrue();
        assertThat(kept(secrets.digested(draft(FIRST), entity)).bytes()).isEqualTo(first);
        assertThat(kept(secrets.digested(draft(SECOND), entity)).bytes()).isNotEqualTo(first);
        assertThat(hash().matches(SECOND)).isTrue();
    }

    /** Somebody else has changed it between the comparison and the write. */
    @Test
    void password_comparedWithOneThatIsGone_isKept() throws GeneralSecurityException {
        kept(secrets.digested(draft(FIRST), null));
        BindingDraft same = secrets.digested(draft(FIRST), entity);
        kept(secrets.digested(draft(SECOND), entity));
        kept(same);
        assertThat(hash().matches(FIRST)).isTrue();
        assertThat(hash().matches(SECOND)).isFalse();
    }
}
