package io.tollgate.controlplane.catalog.listener;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a listener says beside its columns, with the certificates and trust roots of {@code tls} by id: a caller writes and reads {@code
 * certificates} and {@code trust_roots}, names; what is stored is {@code certificate_ids} and {@code trust_root_ids}. Immutable.
 *
 * @param certificateIds the certificates in it
 * @param trustRootIds the trust roots in it
 */
public record ListenerSettings(Map<String, Object> settings, Set<UUID> certificateIds, Set<UUID> trustRootIds) {
    private static final String TLS = "tls";

    /** Finds what {@code wanted} names; objects to what is not there. */
    static ListenerSettings resolve(Map<String, Object> wanted, Directory directory, FieldFaults faults) {
        Map<String, Object> settings = new HashMap<>(wanted);
        Set<UUID> certificates = new LinkedHashSet<>();
        Set<UUID> trustRoots = new LinkedHashSet<>();
        settings.computeIfPresent(TLS, (member, said) -> {
            Map<String, Object> tls = copy((Map<?, ?>) said);
            certificates.addAll(
                    ids(ObjectKind.CERTIFICATE, tls.remove("certificates"), "/tls/certificates", directory, faults));
            trustRoots.addAll(
                    ids(ObjectKind.TRUST_ROOT, tls.remove("trust_roots"), "/tls/trust_roots", directory, faults));
            tls.put("certificate_ids", texts(certificates));
            tls.put("trust_root_ids", texts(trustRoots));
            return tls;
        });
        return new ListenerSettings(settings, certificates, trustRoots);
    }

    private static Set<UUID> ids(
            ObjectKind kind, @Nullable Object names, String pointer, Directory directory, FieldFaults faults) {
        Set<UUID> ids = new LinkedHashSet<>();
        List<?> list = names == null ? List.of() : (List<?>) names;
        for (int i = 0; i < list.size(); i++) {
            String name = String.valueOf(list.get(i));
            UUID id = directory.reference(kind, name, pointer + "/" + i, faults);
            if (id != null && !ids.add(id)) {
                faults.add(pointer + "/" + i, name + " (expected: each once)");
            }
        }
        return ids;
    }

    /** Stored settings as callers see them. */
    public static Map<String, Object> named(Map<String, Object> stored, BiFunction<ObjectKind, UUID, String> names) {
        Map<String, Object> settings = new HashMap<>(stored);
        settings.computeIfPresent(TLS, (member, said) -> {
            Map<String, Object> tls = copy((Map<?, ?>) said);
            tls.put("certificates", names(ObjectKind.CERTIFICATE, tls.remove("certificate_ids"), names));
            tls.put("trust_roots", names(ObjectKind.TRUST_ROOT, tls.remove("trust_root_ids"), names));
            return tls;
        });
        return settings;
    }

    private static List<String> names(
            ObjectKind kind, @Nullable Object ids, BiFunction<ObjectKind, UUID, String> names) {
        List<String> texts = new ArrayList<>();
        for (Object id : ids == null ? List.of() : (List<?>) ids) {
            texts.add(names.apply(kind, UUID.fromString(String.valueOf(id))));
        }
        return texts;
    }

    private static List<String> texts(Set<UUID> ids) {
        return ids.stream().map(UUID::toString).toList();
    }

    private static Map<String, Object> copy(Map<?, ?> object) {
        Map<String, Object> copy = new HashMap<>();
        object.forEach((name, value) -> copy.put((String) name, value));
        return copy;
    }
}
