package io.tollgate.controlplane.catalog.service;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a service says beside its columns, with what its {@code tls} refers to by id: a caller writes and reads {@code trust_root} and
 * {@code client_certificate}, names; what is stored is {@code trust_root_id} and {@code client_certificate_id}. Immutable.
 *
 * @param trustRootId null: none
 * @param clientCertificateId null: none
 */
public record ServiceSettings(
        Map<String, Object> settings,
        @Nullable UUID trustRootId,
        @Nullable UUID clientCertificateId) {
    private static final String TLS = "tls";
    private static final String TRUST_ROOT = "trust_root";
    private static final String CLIENT_CERTIFICATE = "client_certificate";
    private static final String ID = "_id";

    /** Finds what {@code wanted} names; objects to what is not there. */
    static ServiceSettings resolve(Map<String, Object> wanted, Directory directory, FieldFaults faults) {
        Map<ObjectKind, UUID> ids = new HashMap<>();
        Map<String, Object> settings = edited(wanted, "", ID, (kind, nameOrId) -> {
            UUID id = directory.reference(kind, nameOrId, "/tls/" + member(kind), faults);
            if (id != null) {
                ids.put(kind, id);
            }
            return String.valueOf(id);
        });
        return new ServiceSettings(settings, ids.get(ObjectKind.TRUST_ROOT), ids.get(ObjectKind.CERTIFICATE));
    }

    /** Stored settings as callers see them. */
    public static Map<String, Object> named(Map<String, Object> stored, BiFunction<ObjectKind, UUID, String> names) {
        return edited(stored, ID, "", (kind, id) -> names.apply(kind, UUID.fromString(id)));
    }

    private static String member(ObjectKind kind) {
        return kind == ObjectKind.TRUST_ROOT ? TRUST_ROOT : CLIENT_CERTIFICATE;
    }

    /** A copy in which each reference of {@code tls}, with this end of its name, has the other end and what {@code edit} makes of it. */
    private static Map<String, Object> edited(
            Map<String, Object> settings, String end, String newEnd, BiFunction<ObjectKind, String, String> edit) {
        Map<String, Object> edited = new HashMap<>(settings);
        edited.computeIfPresent(TLS, (member, tls) -> {
            Map<String, Object> copy = new HashMap<>();
            ((Map<?, ?>) tls).forEach((name, value) -> copy.put((String) name, value));
            for (ObjectKind kind : new ObjectKind[] {ObjectKind.TRUST_ROOT, ObjectKind.CERTIFICATE}) {
                Object reference = copy.remove(member(kind) + end);
                if (reference != null) {
                    copy.put(member(kind) + newEnd, edit.apply(kind, String.valueOf(reference)));
                }
            }
            return copy;
        });
        return edited;
    }
}
