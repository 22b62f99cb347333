package io.tollgate.controlplane.catalog.credential;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.Ids;
import io.tollgate.controlplane.catalog.directory.Written;
import io.tollgate.controlplane.catalog.envelope.SealedSecret;
import io.tollgate.controlplane.catalog.revision.CatalogConflict;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Credentials of consumers that are no API keys, and their rules. Shared; worker threads only. */
@ApplicationScoped
public class BindingCatalog {
    private final CredentialRepository rows;
    private final Directory directory;
    private final BindingSecrets secrets;

    BindingCatalog(CredentialRepository rows, Directory directory, BindingSecrets secrets) {
        this.rows = rows;
        this.directory = directory;
        this.secrets = secrets;
    }

    public @Nullable CredentialEntity find(UUID consumerId, String nameOrId) {
        return rows.bindingByNameOrId(consumerId, nameOrId);
    }

    public CredentialEntity get(UUID consumerId, String nameOrId) {
        CredentialEntity found = find(consumerId, nameOrId);
        if (found == null) {
            throw new NotInCatalog(ObjectKind.CREDENTIAL.word(), nameOrId);
        }
        return found;
    }

    public List<CredentialEntity> page(UUID consumerId, String afterName, int limit) {
        return rows.bindingPage(consumerId, afterName, limit);
    }

    /**
     * The draft for {@link #create} and {@link #put}: what is slow of it, the digest of a password, is done here and so outside of any write.
     *
     * @param current the credential that is to be replaced, as it is now; null: a new one
     */
    public BindingDraft digested(BindingDraft wanted, @Nullable CredentialEntity current) {
        return secrets.digested(wanted, current);
    }

    public CredentialEntity create(RevisionDraft draft, UUID consumerId, BindingDraft wanted) {
        CredentialEntity entity = new CredentialEntity(consumerId, wanted.type());
        judge(entity, wanted).accept(entity);
        return draft.create(entity);
    }

    /** Makes {@code current}, or a new one where there is none, what is wanted. */
    public Written<CredentialEntity> put(
            RevisionDraft draft,
            UUID consumerId,
            String name,
            @Nullable CredentialEntity current,
            BindingDraft wanted) {
        if (current == null) {
            if (Ids.parse(name) != null) {
                throw new NotInCatalog(ObjectKind.CREDENTIAL.word(), name);
            }
            if (!wanted.name().equals(name)) {
                FieldFaults faults = new FieldFaults();
                faults.add("/name", wanted.name() + " (expected: " + name + ", as in the path, for what is new)");
                faults.raise();
            }
            return new Written<>(create(draft, consumerId, wanted), Written.Ending.CREATED);
        }
        Consumer<CredentialEntity> edit = judge(current, wanted);
        boolean changed = draft.replace(current, edit);
        return new Written<>(current, changed ? Written.Ending.REPLACED : Written.Ending.UNCHANGED);
    }

    /** Its calls are refused from then on, as of somebody whom nobody knows. */
    public void delete(RevisionDraft draft, CredentialEntity entity) {
        draft.delete(entity, null);
    }

    private Consumer<CredentialEntity> judge(CredentialEntity entity, BindingDraft wanted) {
        FieldFaults faults = new FieldFaults();
        if (Ids.parse(wanted.name()) != null) {
            faults.add("/name", wanted.name() + " (expected: a name that does not look like an id)");
        }
        if (!wanted.type().equals(entity.type())) {
            faults.add("/type", wanted.type() + " (expected: " + entity.type() + ", as it was made)");
        }
        String named = wanted.issuer();
        UUID issuer = named == null ? null : directory.reference(ObjectKind.TOKEN_ISSUER, named, "/jwt/issuer", faults);
        SealedSecret secret = secrets.of(wanted, entity, faults);
        faults.raise();
        CredentialEntity namesake = rows.anyByName(entity.consumerId(), wanted.name());
        if (namesake != null && !namesake.id().equals(entity.id())) {
            throw new CatalogConflict(
                    "the name " + wanted.name() + " is taken by credential " + namesake.id() + " of this consumer");
        }
        return row -> row.bind(wanted, issuer, secret);
    }
}
