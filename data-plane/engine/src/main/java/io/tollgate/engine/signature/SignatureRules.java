package io.tollgate.engine.signature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a signature must say to be believed. Immutable.
 *
 * @param components what it must cover
 * @param tag which its tag must be; empty: any, or none
 * @param ageSecondsMax from when it was made
 * @param clockSkewSeconds how much clocks may differ
 * @param nonceRequired it must have a nonce
 * @param digestRequired it must cover the digest of a body that is there
 */
public record SignatureRules(
        List<String> components,
        String tag,
        int ageSecondsMax,
        int clockSkewSeconds,
        boolean nonceRequired,
        boolean digestRequired) {
    /** The field of a body's digest (RFC 9530). */
    public static final String CONTENT_DIGEST = "content-digest";

    private static final long MILLIS = 1_000;

    /** Copies the list. */
    public SignatureRules {
        components = List.copyOf(components);
    }

    /** What is wrong with a signature beside that it may be none. Immutable. */
    public enum Fault {
        /** It lacks something that it must cover or say. */
        INCOMPLETE,
        /** It is too old, over, or not made yet. */
        UNTIMELY
    }

    /** Whether a signature is meant for here. */
    public boolean takes(PresentedSignature signature) {
        return tag.isEmpty() || tag.equals(signature.tag());
    }

    /** What is wrong with it; null when nothing is. */
    public @Nullable Fault judge(PresentedSignature signature, boolean withBody, long nowMillis) {
        for (String component : components) {
            if (!signature.covers(component)) {
                return Fault.INCOMPLETE;
            }
        }
        boolean lacks = signature.created() < 0
                || (nonceRequired && signature.nonce().isEmpty())
                || (digestRequired && withBody && !signature.covers(CONTENT_DIGEST));
        if (lacks) {
            return Fault.INCOMPLETE;
        }
        long skewMillis = clockSkewSeconds * MILLIS;
        boolean untimely = signature.created() * MILLIS > nowMillis + skewMillis
                || nowMillis >= endsAtMillis(signature)
                || (signature.expires() >= 0 && signature.expires() < signature.created());
        return untimely ? Fault.UNTIMELY : null;
    }

    /** First millisecond in which it does not hold any more. */
    public long endsAtMillis(PresentedSignature signature) {
        long byAge = signature.created() + ageSecondsMax;
        long end = signature.expires() < 0 ? byAge : Math.min(byAge, signature.expires());
        return (end + clockSkewSeconds) * MILLIS;
    }
}
