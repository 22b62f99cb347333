package io.tollgate.node.coding;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.Zstd;
import io.tollgate.engine.policy.CompressionPolicy;
import io.tollgate.engine.policy.ContentCoding;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The codings that this platform has: gzip everywhere, the others where their native parts can be loaded. Immutable.
 *
 * <p>Found out once, when the first policy is compiled, so that no call waits for it; what is missing is said in the log then.
 */
public final class AvailableCodings {
    private static final Logger LOG = Logger.getLogger(AvailableCodings.class.getName());

    private AvailableCodings() {}

    // Loaded by the first use of this class inside.
    private static final class Found {
        static final List<ContentCoding> CODINGS = find();

        private static List<ContentCoding> find() {
            List<ContentCoding> found = new ArrayList<>();
            for (ContentCoding coding : ContentCoding.values()) {
                Throwable missing = missing(coding);
                if (missing == null) {
                    found.add(coding);
                } else {
                    LOG.log(
                            Level.WARNING,
                            "event=coding-missing coding=" + coding.token()
                                    + " detail=\"answers are not compressed by it on this platform\"",
                            missing);
                }
            }
            return List.copyOf(found);
        }

        private static @Nullable Throwable missing(ContentCoding coding) {
            return switch (coding) {
                case GZIP -> null;
                case BR -> Brotli4jLoader.getUnavailabilityCause();
                case ZSTD -> {
                    try {
                        // Any call loads the native part.
                        Zstd.minCompressionLevel();
                        yield null;
                    } catch (LinkageError e) {
                        yield e;
                    }
                }
            };
        }
    }

    /** What is left of a policy on this platform; null when nothing is, or there is none. */
    public static @Nullable CompressionPolicy of(@Nullable CompressionPolicy policy) {
        if (policy == null) {
            return null;
        }
        CompressionPolicy left = policy.only(Found.CODINGS);
        return left.encodings().isEmpty() ? null : left;
    }
}
