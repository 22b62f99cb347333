package io.tollgate.engine.compile;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Credential;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A whole configuration as the bytes that travel, folded from changes. Confined to one thread at a time.
 *
 * <p>It takes whatever it is given, so that its digest is always that of the bytes: an object that cannot be read is kept,
 * and the compiler reports it as a problem of that object. Each applied list of changes can be taken back by applying the
 * inverse that {@link #apply} returned.
 *
 * <p>Implementation note. Only bytes are kept; messages are parsed when they come in, for what they refer to, and when they
 * are compiled. The wire remembers what was touched since some version of itself (at most {@value #TOUCHES_MAX} touches), so
 * that a compilation that starts from an earlier result looks at these objects only. Taking changes back touches them again,
 * which costs work and is never wrong. Cost of a change: O(log n), and two hashes for the digest.
 */
public final class WireConfiguration {
    /** Touches remembered: beyond that compiling everything is no dearer. */
    private static final int TOUCHES_MAX = 100_000;

    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Map<ObjectKind, TreeMap<String, ByteString>> objects = new EnumMap<>(ObjectKind.class);
    private final TreeMap<String, Change> unplaceable = new TreeMap<>();
    private final TreeMap<ObjectKey, Problem> faults = new TreeMap<>();
    private final ReferrerIndex referrers = new ReferrerIndex();
    private final ConfigurationDigest digest = new ConfigurationDigest();
    private final ArrayDeque<Touch> touches = new ArrayDeque<>();
    private long version;
    private long touchesSince;
    private int size;

    /** An empty configuration. */
    public WireConfiguration() {
        for (ObjectKind kind : ObjectKind.values()) {
            if (WireObject.isReadable(kind)) {
                objects.put(kind, new TreeMap<>());
            }
        }
    }

    private record Touch(
            long version,
            @Nullable ObjectKey changed,
            @Nullable ObjectKey affected,
            @Nullable ByteString digest) {}

    /**
     * Puts and removes objects, in order. Removing what is not there and putting the same bytes again do nothing.
     *
     * @return the changes that restore what was before
     */
    public List<Change> apply(List<Change> changes) {
        version++;
        List<Change> inverse = new ArrayList<>(changes.size());
        for (Change change : changes) {
            Change undo = WireObject.isReadable(change.getKind()) ? place(change) : keepAside(change);
            if (undo != null) {
                inverse.add(undo);
            }
        }
        Collections.reverse(inverse);
        return inverse;
    }

    /** All objects as changes: by kind, then by id. */
    public List<Change> changes() {
        List<Change> changes = new ArrayList<>(size);
        objects.forEach((kind, byId) -> byId.forEach((id, bytes) -> changes.add(put(kind, id, bytes))));
        changes.addAll(unplaceable.values());
        return changes;
    }

    /** The digest of all objects, 32 bytes. */
    public byte[] digest() {
        return digest.toBytes();
    }

    /** How many objects there are. */
    public int size() {
        return size;
    }

    /** How many objects of a kind there are. */
    public int size(ObjectKind kind) {
        return ofKind(kind).size();
    }

    /** The bytes of an object; null when there is none. */
    public @Nullable ByteString find(ObjectKey key) {
        return ofKind(key.kind()).get(key.id());
    }

    /** The ids of all objects of a kind, in order; a view. */
    public Set<String> ids(ObjectKind kind) {
        return Collections.unmodifiableSet(ofKind(kind).keySet());
    }

    /** The objects that refer to this one; a view. */
    Collection<ObjectKey> referrersTo(ObjectKey target) {
        return referrers.of(target);
    }

    /** What cannot be read. */
    Collection<Problem> faults() {
        return faults.values();
    }

    long version() {
        return version;
    }

    /** A stored object, parsed. */
    WireObject read(ObjectKey key) {
        ByteString bytes = find(key);
        if (bytes == null) {
            throw new IllegalArgumentException(key + " is not here");
        }
        try {
            return WireObject.read(key, bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(key + " has a fault and is read all the same", e);
        }
    }

    /** What was touched after {@code before}; null when that is not remembered. */
    @Nullable
    Touched touchedSince(long before) {
        if (before < touchesSince) {
            return null;
        }
        Touched touched = new Touched();
        // From the newest, so that the cost is that of the news and not of what is remembered.
        for (Iterator<Touch> newest = touches.descendingIterator(); newest.hasNext(); ) {
            Touch touch = newest.next();
            if (touch.version() <= before) {
                break;
            }
            touched.addChanged(touch.changed());
            touched.addAffected(touch.affected());
            touched.addDigest(touch.digest());
        }
        return touched;
    }

    private @Nullable Change place(Change change) {
        ObjectKey key = new ObjectKey(change.getKind(), change.getId());
        TreeMap<String, ByteString> byId = ofKind(key.kind());
        ByteString before = byId.get(key.id());
        ByteString after = change.getRemoved() ? null : change.getObject();
        if (before == null ? after == null : before.equals(after)) {
            return null;
        }
        int kind = change.getKindValue();
        touch(new Touch(version, key, null, null));
        faults.remove(key);
        if (before != null) {
            byId.remove(key.id());
            size--;
            digest.subtract(kind, key.id(), before);
            leave(key, before);
        }
        if (after != null) {
            byId.put(key.id(), after);
            size++;
            digest.add(kind, key.id(), after);
            enter(key, after);
        }
        return before == null
                ? Change.newBuilder()
                        .setKind(key.kind())
                        .setId(key.id())
                        .setRemoved(true)
                        .build()
                : put(key.kind(), key.id(), before);
    }

    private void enter(ObjectKey key, ByteString bytes) {
        WireObject object;
        try {
            object = WireObject.read(key, bytes);
        } catch (InvalidProtocolBufferException e) {
            fault(key, "", bytes.size() + " bytes that do not parse (expected: a message of this kind)");
            return;
        }
        for (WireObject.Reference reference : object.references()) {
            referrers.add(reference.target(), key);
        }
        touchRelated(object);
        String unknown = object.unknownField();
        if (unknown != null) {
            fault(key, object.name(), "field " + unknown + " (expected: fields that this build can enforce)");
        } else if (!object.ownId().equals(key.id())) {
            fault(key, object.name(), "id " + object.ownId() + " (expected: " + key.id() + ", as it is stored under)");
        } else if (!UUID_TEXT.matcher(key.id()).matches()) {
            fault(key, object.name(), "id " + key.id() + " (expected: a UUID in lower case)");
        }
    }

    private void leave(ObjectKey key, ByteString bytes) {
        try {
            WireObject object = WireObject.read(key, bytes);
            for (WireObject.Reference reference : object.references()) {
                referrers.remove(reference.target(), key);
            }
            touchRelated(object);
        } catch (InvalidProtocolBufferException e) {
            // It did not parse when it came in either, so nothing was entered that would have to leave.
            faults.remove(key);
        }
    }

    private void touchRelated(WireObject object) {
        ObjectKey affected = object.affects();
        if (affected != null) {
            touch(new Touch(version, null, affected, null));
        }
        if (object.message() instanceof Credential credential) {
            touch(new Touch(version, null, null, credential.getDigest()));
        }
    }

    private void touch(Touch touch) {
        if (touches.size() >= TOUCHES_MAX) {
            touches.clear();
            touchesSince = version;
        }
        touches.add(touch);
    }

    private @Nullable Change keepAside(Change change) {
        String name = change.getKindValue() + "/" + change.getId();
        Change before = unplaceable.get(name);
        if (change.getRemoved() ? before == null : change.equals(before)) {
            return null;
        }
        ObjectKey key = new ObjectKey(change.getKind(), change.getId());
        faults.remove(key);
        if (before != null) {
            unplaceable.remove(name);
            size--;
            digest.subtract(before.getKindValue(), before.getId(), before.getObject());
        }
        if (!change.getRemoved()) {
            unplaceable.put(name, change);
            size++;
            digest.add(change.getKindValue(), change.getId(), change.getObject());
            fault(key, "", "kind " + change.getKindValue() + " (expected: a kind that this build can enforce)");
        }
        return before == null
                ? change.toBuilder().clearObject().setRemoved(true).build()
                : before;
    }

    private void fault(ObjectKey key, String name, String detail) {
        faults.put(key, new Problem(key.kind(), key.id(), name, "", detail));
    }

    private TreeMap<String, ByteString> ofKind(ObjectKind kind) {
        TreeMap<String, ByteString> byId = objects.get(kind);
        if (byId == null) {
            throw new IllegalArgumentException(kind + " is not stored");
        }
        return byId;
    }

    private static Change put(ObjectKind kind, String id, ByteString bytes) {
        return Change.newBuilder().setKind(kind).setId(id).setObject(bytes).build();
    }
}
