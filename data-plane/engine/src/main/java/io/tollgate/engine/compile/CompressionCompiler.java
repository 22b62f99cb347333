package io.tollgate.engine.compile;

import io.tollgate.engine.policy.CompressionLevel;
import io.tollgate.engine.policy.CompressionPolicy;
import io.tollgate.engine.policy.ContentCoding;
import io.tollgate.engine.policy.MediaTypes;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.Compression;
import io.tollgate.proto.config.v1.Policy;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Policies of the type compression. Compile thread only. */
final class CompressionCompiler implements PolicyRules<Compression, CompressionPolicy> {
    private static final int CONTENT_TYPES_MAX = 64;

    @Override
    public PolicyType<CompressionPolicy> type() {
        return PolicyType.COMPRESSION;
    }

    @Override
    public Compression config(Policy policy) {
        return policy.getCompression();
    }

    @Override
    public void check(Compression policy, ObjectProblems problems) {
        Set<ContentCoding> seen = EnumSet.noneOf(ContentCoding.class);
        for (int i = 0; i < policy.getEncodingsCount(); i++) {
            ContentCoding coding = coding(policy.getEncodings(i));
            if (coding == null) {
                problems.add("/compression/encodings/" + i, policy.getEncodingsValue(i), "gzip, br or zstd");
            } else if (!seen.add(coding)) {
                problems.add("/compression/encodings/" + i, "a second " + coding.token(), "each coding once");
            }
        }
        if (level(policy) == null) {
            problems.add("/compression/level", policy.getLevelValue(), "fastest, balanced or smallest");
        }
        if (policy.getContentTypesCount() > CONTENT_TYPES_MAX) {
            problems.add(
                    "/compression/content_types",
                    policy.getContentTypesCount() + " types",
                    "at most " + CONTENT_TYPES_MAX);
        }
        for (int i = 0; i < policy.getContentTypesCount(); i++) {
            if (!MediaTypes.isPattern(policy.getContentTypes(i))) {
                problems.add(
                        "/compression/content_types/" + i,
                        policy.getContentTypes(i),
                        "a media type, type/* or type/*+suffix");
            }
        }
        problems.range(
                "/compression/bytes_min",
                Integer.toUnsignedLong(policy.getBytesMin()),
                0,
                CompressionPolicy.BYTES_MIN_MAX);
    }

    @Override
    public CompressionPolicy compile(Compression config, Policy policy) {
        return compile(config);
    }

    private static CompressionPolicy compile(Compression policy) {
        CompressionLevel level = level(policy);
        return new CompressionPolicy(
                policy.getEncodingsList().stream()
                        .map(CompressionCompiler::coding)
                        .toList(),
                level == null ? CompressionLevel.BALANCED : level,
                MediaTypes.of(policy.getContentTypesList()),
                policy.getBytesMin());
    }

    @Override
    public String words(Compression policy) {
        if (policy.getEncodingsCount() == 0) {
            return "nothing is compressed";
        }
        CompressionPolicy compiled = compile(policy);
        return "by "
                + String.join(
                        ", ",
                        compiled.encodings().stream().map(ContentCoding::token).toList())
                + " (" + compiled.level().name().toLowerCase(Locale.ROOT) + ") from " + compiled.bytesMin()
                + " bytes: " + String.join(" ", policy.getContentTypesList());
    }

    private static @Nullable ContentCoding coding(io.tollgate.proto.config.v1.ContentCoding wire) {
        return switch (wire) {
            case CONTENT_CODING_GZIP -> ContentCoding.GZIP;
            case CONTENT_CODING_BR -> ContentCoding.BR;
            case CONTENT_CODING_ZSTD -> ContentCoding.ZSTD;
            default -> null;
        };
    }

    private static @Nullable CompressionLevel level(Compression policy) {
        return switch (policy.getLevel()) {
            case COMPRESSION_LEVEL_FASTEST -> CompressionLevel.FASTEST;
            case COMPRESSION_LEVEL_BALANCED -> CompressionLevel.BALANCED;
            case COMPRESSION_LEVEL_SMALLEST -> CompressionLevel.SMALLEST;
            default -> null;
        };
    }
}
