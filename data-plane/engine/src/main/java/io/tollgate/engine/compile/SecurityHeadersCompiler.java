package io.tollgate.engine.compile;

import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.policy.SecurityHeadersPolicy;
import io.tollgate.proto.config.v1.HeaderMode;
import io.tollgate.proto.config.v1.Policy;
import io.tollgate.proto.config.v1.SecurityHeaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Policies of the type security-headers. Compile thread only. */
final class SecurityHeadersCompiler implements PolicyRules<SecurityHeaders, SecurityHeadersPolicy> {
    /** Longer ones are refused by clients. */
    private static final int VALUE_CHARACTERS_MAX = 4_096;

    private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");

    @Override
    public PolicyType<SecurityHeadersPolicy> type() {
        return PolicyType.SECURITY_HEADERS;
    }

    @Override
    public SecurityHeaders config(Policy policy) {
        return policy.getSecurityHeaders();
    }

    @Override
    public void check(SecurityHeaders policy, ObjectProblems problems) {
        if (policy.getMode() != HeaderMode.HEADER_MODE_SET
                && policy.getMode() != HeaderMode.HEADER_MODE_SET_IF_ABSENT) {
            problems.add("/security_headers/mode", policy.getModeValue(), "set or set-if-absent");
        }
        values(policy).forEach((member, value) -> {
            if (!value.isEmpty()
                    && (value.length() > VALUE_CHARACTERS_MAX
                            || !VALUE.matcher(value).matches())) {
                problems.add(
                        "/security_headers/" + member,
                        value.length() + " characters",
                        "at most " + VALUE_CHARACTERS_MAX + " printable ASCII characters, no space around them");
            }
        });
    }

    @Override
    public SecurityHeadersPolicy compile(SecurityHeaders config, Policy policy) {
        return new SecurityHeadersPolicy(fields(config), config.getMode() == HeaderMode.HEADER_MODE_SET);
    }

    private static List<SecurityHeadersPolicy.Field> fields(SecurityHeaders config) {
        List<SecurityHeadersPolicy.Field> fields = new ArrayList<>();
        if (config.getContentTypeOptions()) {
            fields.add(new SecurityHeadersPolicy.Field("X-Content-Type-Options", "nosniff"));
        }
        values(config).forEach((member, value) -> {
            if (!value.isEmpty()) {
                fields.add(new SecurityHeadersPolicy.Field(name(member), value));
            }
        });
        return fields;
    }

    /** "referrer_policy" is Referrer-Policy; only one has a name of its own. */
    private static String name(String member) {
        return member.equals("frame_options")
                ? "X-Frame-Options"
                : Pattern.compile("(^|_)([a-z])")
                        .matcher(member)
                        .replaceAll(first -> (first.group(1).isEmpty() ? "" : "-")
                                + Character.toUpperCase(first.group(2).charAt(0)));
    }

    private static Map<String, String> values(SecurityHeaders config) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("frame_options", config.getFrameOptions());
        values.put("referrer_policy", config.getReferrerPolicy());
        values.put("content_security_policy", config.getContentSecurityPolicy());
        values.put("permissions_policy", config.getPermissionsPolicy());
        values.put("cross_origin_opener_policy", config.getCrossOriginOpenerPolicy());
        values.put("cross_origin_embedder_policy", config.getCrossOriginEmbedderPolicy());
        values.put("cross_origin_resource_policy", config.getCrossOriginResourcePolicy());
        return values;
    }

    @Override
    public String words(SecurityHeaders config) {
        String fields = fields(config).stream()
                .map(field -> field.name() + ": " + field.value())
                .collect(Collectors.joining(", "));
        return (fields.isEmpty() ? "none" : fields)
                + (config.getMode() == HeaderMode.HEADER_MODE_SET ? "" : ", where the service says nothing");
    }
}
