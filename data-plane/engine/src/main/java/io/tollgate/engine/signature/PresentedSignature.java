package io.tollgate.engine.signature;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A signature that a request presents, read but not believed. Immutable; the bytes are not to be written to.
 *
 * @param label under which it stands
 * @param components what it covers, in its order
 * @param created seconds since the Unix epoch; negative when it does not say
 * @param expires seconds since the Unix epoch; negative when it does not say
 * @param nonce empty when it has none
 * @param algorithm the word of its parameter; empty when it says none
 * @param keyId empty when it says none
 * @param tag empty when it has none
 * @param parameters all that it says of itself, as it is signed
 * @param signature its bytes
 */
public record PresentedSignature(
        String label,
        List<Component> components,
        long created,
        long expires,
        String nonce,
        String algorithm,
        String keyId,
        String tag,
        String parameters,
        byte[] signature) {
    /** Characters of both fields together. */
    public static final int CHARACTERS_MAX = 16_384;
    /** Signatures of one request. */
    static final int COUNT_MAX = 8;
    /** Characters of a key's id, a nonce, a tag. */
    static final int TEXT_CHARACTERS_MAX = 256;

    /** Copies the list. */
    public PresentedSignature {
        components = List.copyOf(components);
    }

    /**
     * Reads the fields Signature-Input and Signature, each the values of all its lines; null when they are none or do not belong together,
     * or when one covers what is not known here.
     */
    public static @Nullable List<PresentedSignature> read(String inputs, String signatures) {
        if (inputs.length() + signatures.length() > CHARACTERS_MAX) {
            return null;
        }
        Map<String, InnerList> says = StructuredText.innerLists(inputs);
        Map<String, byte[]> bytes = StructuredText.byteSequences(signatures);
        if (says == null
                || bytes == null
                || says.isEmpty()
                || says.size() > COUNT_MAX
                || !says.keySet().equals(bytes.keySet())) {
            return null;
        }
        List<PresentedSignature> all = new ArrayList<>(says.size());
        for (Map.Entry<String, InnerList> one : says.entrySet()) {
            byte[] signature = bytes.get(one.getKey());
            PresentedSignature read = signature == null ? null : read(one.getKey(), one.getValue(), signature);
            if (read == null) {
                return null;
            }
            all.add(read);
        }
        return all;
    }

    private static @Nullable PresentedSignature read(String label, InnerList says, byte[] signature) {
        List<Component> components = new ArrayList<>();
        for (InnerList.Item item : says.items()) {
            Component component = Component.of(item);
            if (component == null) {
                return null;
            }
            components.add(component);
        }
        if (new HashSet<>(components).size() != components.size()) {
            return null;
        }
        Map<String, BareItem> parameters = says.parameters();
        Long created = seconds(parameters, "created");
        Long expires = seconds(parameters, "expires");
        String nonce = text(parameters, "nonce");
        String algorithm = text(parameters, "alg");
        String keyId = text(parameters, "keyid");
        String tag = text(parameters, "tag");
        if (created == null || expires == null || nonce == null || algorithm == null || keyId == null || tag == null) {
            return null;
        }
        return new PresentedSignature(
                label, components, created, expires, nonce, algorithm, keyId, tag, says.text(), signature);
    }

    /** -1 where it is absent; null where it is no time. */
    private static @Nullable Long seconds(Map<String, BareItem> parameters, String name) {
        BareItem value = parameters.get(name);
        if (value == null) {
            return -1L;
        }
        return value instanceof BareItem.Whole whole && whole.value() >= 0 ? whole.value() : null;
    }

    /** Empty where it is absent; null where it is no text, an empty one or one that is too long. */
    private static @Nullable String text(Map<String, BareItem> parameters, String name) {
        BareItem value = parameters.get(name);
        if (value == null) {
            return "";
        }
        return value instanceof BareItem.Text text
                        && !text.value().isEmpty()
                        && text.value().length() <= TEXT_CHARACTERS_MAX
                ? text.value()
                : null;
    }

    /** Whether it covers this component, by itself or in another one. */
    public boolean covers(String name) {
        for (Component component : components) {
            if (component.covers(name)) {
                return true;
            }
        }
        return false;
    }

    /** What was signed (RFC 9421, 2.5); null when the request lacks something that it covers. */
    public byte @Nullable [] base(SignedMessage message) {
        StringBuilder base = new StringBuilder(512);
        for (Component component : components) {
            String value = component.value(message);
            if (value == null || value.indexOf('\n') >= 0) {
                return null;
            }
            base.append(component.identifier()).append(": ").append(value).append('\n');
        }
        base.append("\"@signature-params\": ").append(parameters);
        // Fields come as Latin-1, and leave as the bytes that they were.
        return base.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Hides the bytes. */
    @Override
    public String toString() {
        return "PresentedSignature[" + label + parameters + "]";
    }
}
