package io.tollgate.engine.compile;

import io.tollgate.engine.quota.RateSubject;
import io.tollgate.engine.quota.RateSubject.Part;
import io.tollgate.proto.config.v1.RateLimit;
import io.tollgate.proto.config.v1.RateLimitPart;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** By what a rate limit counts. Immutable functions. */
final class RateSubjectCompiler {
    private static final int HEADERS_MAX = 4;

    private RateSubjectCompiler() {}

    static void check(RateLimit config, ObjectProblems problems) {
        Set<Part> seen = EnumSet.noneOf(Part.class);
        for (int i = 0; i < config.getByCount(); i++) {
            Part part = part(config.getBy(i));
            if (part == null) {
                problems.add(
                        "/rate_limit/by/" + i,
                        config.getByValue(i),
                        "consumer, credential, plan, route, address or header");
            } else if (!seen.add(part)) {
                problems.add("/rate_limit/by/" + i, "a second " + part.word(), "each once");
            }
        }
        checkHeaders(config, seen.contains(Part.HEADER), problems);
        problems.range("/rate_limit/ipv4_prefix_length", Integer.toUnsignedLong(config.getIpv4PrefixLength()), 0, 32);
        problems.range("/rate_limit/ipv6_prefix_length", Integer.toUnsignedLong(config.getIpv6PrefixLength()), 0, 128);
    }

    private static void checkHeaders(RateLimit config, boolean wanted, ObjectProblems problems) {
        int count = config.getHeadersCount();
        if (wanted ? count == 0 || count > HEADERS_MAX : count > 0) {
            problems.add(
                    "/rate_limit/headers",
                    count + " headers",
                    wanted ? "1 to " + HEADERS_MAX : "none, since it does not count by header");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String name = config.getHeaders(i);
            if (!NameText.isHeader(name)) {
                problems.add("/rate_limit/headers/" + i, name, "the name of a header field");
            } else if (!names.add(name.toLowerCase(Locale.ROOT))) {
                problems.add("/rate_limit/headers/" + i, "a second " + name, "each once");
            }
        }
    }

    static RateSubject compile(RateLimit config) {
        List<Part> parts = new ArrayList<>();
        for (RateLimitPart word : config.getByList()) {
            Part part = part(word);
            if (part != null) {
                parts.add(part);
            }
        }
        return new RateSubject(
                parts.isEmpty() ? RateSubject.DEFAULT.parts() : parts,
                config.getHeadersList().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList(),
                config.getIpv4PrefixLength() == 0 ? RateSubject.IPV4_PREFIX_LENGTH : config.getIpv4PrefixLength(),
                config.getIpv6PrefixLength() == 0 ? RateSubject.IPV6_PREFIX_LENGTH : config.getIpv6PrefixLength());
    }

    private static @Nullable Part part(RateLimitPart word) {
        return switch (word) {
            case RATE_LIMIT_PART_CONSUMER -> Part.CONSUMER;
            case RATE_LIMIT_PART_CREDENTIAL -> Part.CREDENTIAL;
            case RATE_LIMIT_PART_PLAN -> Part.PLAN;
            case RATE_LIMIT_PART_ROUTE -> Part.ROUTE;
            case RATE_LIMIT_PART_ADDRESS -> Part.ADDRESS;
            case RATE_LIMIT_PART_HEADER -> Part.HEADER;
            case RATE_LIMIT_PART_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    }
}
