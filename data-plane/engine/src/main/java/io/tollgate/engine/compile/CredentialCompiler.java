package io.tollgate.engine.compile;

import com.google.protobuf.ByteString;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialIndex;
import io.tollgate.engine.consumer.Identity;
import io.tollgate.engine.consumer.KeyHasher;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Credentials: checks them and brings a {@link CredentialIndex} forward. Compile thread only. */
final class CredentialCompiler {
    private final TermsCompiler terms = new TermsCompiler();

    void check(io.tollgate.proto.config.v1.Credential credential, ObjectProblems problems) {
        if (BindingCompiler.isBinding(credential)) {
            BindingCompiler.check(credential, problems);
            if (!credential.getDigest().isEmpty()) {
                problems.add("", "a digest beside a binding", "one of both");
            }
        } else if (credential.getDigest().size() != KeyHasher.DIGEST_BYTES) {
            problems.add(
                    "", "a digest of " + credential.getDigest().size() + " bytes", KeyHasher.DIGEST_BYTES + " bytes");
        }
        if (credential.getExpiresAtMillis() < 0) {
            problems.add("/expires_at", credential.getExpiresAtMillis() + " ms", "0 or more");
        }
        terms.check(credential, problems);
    }

    /**
     * The index with these credentials as they are now.
     *
     * @param ids of credentials that changed, or whose consumer did; those that are gone are left out
     * @param touched whose digests an earlier version of a changed credential may stand under
     */
    CredentialIndex compile(
            CredentialIndex before,
            Set<ObjectKey> ids,
            Touched touched,
            WireConfiguration wire,
            PersistentMap<String, Consumer> consumers,
            ProblemList list) {
        List<byte[]> removed = new ArrayList<>();
        for (ByteString digest : touched.digests()) {
            Credential stale = digest.size() == KeyHasher.DIGEST_BYTES ? before.find(digest.toByteArray()) : null;
            if (stale != null && isTouched(stale, touched)) {
                removed.add(digest.toByteArray());
            }
        }
        List<CredentialIndex.Entry> put = new ArrayList<>(ids.size());
        Map<ByteString, String> owners = new HashMap<>();
        for (ObjectKey key : ids) {
            WireObject object = wire.read(key);
            var credential = (io.tollgate.proto.config.v1.Credential) object.message();
            if (BindingCompiler.isBinding(credential)) {
                continue;
            }
            byte[] digest = credential.getDigest().toByteArray();
            Credential other = before.find(digest);
            boolean taken = other != null && !other.id().equals(key.id()) && !isTouched(other, touched);
            String owner = owners.putIfAbsent(credential.getDigest(), key.id());
            if (taken) {
                blame(object, list);
                continue;
            }
            if (owner != null) {
                // Of equals the one with the smallest id keeps it, so that the answer does not depend on the order.
                boolean earlier = key.id().compareTo(owner) < 0;
                blame(earlier ? wire.read(new ObjectKey(key.kind(), owner)) : object, list);
                owners.put(credential.getDigest(), earlier ? key.id() : owner);
                continue;
            }
            put.add(new CredentialIndex.Entry(digest, credential(key.id(), credential, consumers)));
        }
        boolean same = removed.isEmpty() && put.isEmpty();
        return same || !list.isEmpty() ? before : before.with(removed, put);
    }

    /** The bindings with these credentials as they are now; see {@link #compile}. */
    Bindings bindings(
            Bindings before,
            Set<ObjectKey> ids,
            Touched touched,
            WireConfiguration wire,
            PersistentMap<String, Consumer> consumers,
            ProblemList list) {
        List<BindingCompiler.Put> put = new ArrayList<>();
        for (ObjectKey key : ids) {
            WireObject object = wire.read(key);
            var credential = (io.tollgate.proto.config.v1.Credential) object.message();
            if (BindingCompiler.isBinding(credential)) {
                put.add(new BindingCompiler.Put(
                        object,
                        BindingCompiler.key(credential),
                        credential(key.id(), credential, consumers),
                        BindingCompiler.verifier(credential)));
            }
        }
        return BindingCompiler.compile(before, touched.changed(ObjectKind.OBJECT_KIND_CREDENTIAL), put, list);
    }

    private static void blame(WireObject object, ProblemList list) {
        new ObjectProblems(list, object).add("", "the digest of another credential", "its own");
    }

    private static boolean isTouched(Credential credential, Touched touched) {
        return touched.changed(ObjectKind.OBJECT_KIND_CREDENTIAL).contains(credential.id());
    }

    /** @param id the text that the wire holds anyway, so that each is in memory once */
    private Credential credential(
            String id, io.tollgate.proto.config.v1.Credential credential, PersistentMap<String, Consumer> consumers) {
        Consumer consumer = consumers.get(credential.getConsumerId());
        if (consumer == null) {
            throw new IllegalStateException(credential.getId() + " was checked");
        }
        Identity identity = Identity.of(id, "");
        long expires = credential.getExpiresAtMillis();
        return new Credential(
                identity.id(),
                BindingCompiler.type(credential),
                consumer,
                expires == 0 ? Long.MAX_VALUE : expires,
                credential.getRevoked(),
                terms.compile(credential),
                identity.idHigh(),
                identity.idLow());
    }
}
