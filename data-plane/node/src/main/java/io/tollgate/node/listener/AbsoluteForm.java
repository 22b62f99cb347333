package io.tollgate.node.listener;

import io.tollgate.engine.route.HostText;
import org.jspecify.annotations.Nullable;

/** Request targets that name a scheme and an authority, too (RFC 9112, 3.2.2). Immutable functions. */
final class AbsoluteForm {
    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private AbsoluteForm() {}

    /**
     * What such a target says in origin-form. Null when it is none, or not meant for where it came: its scheme is not that of
     * the connection, or its authority does not name the same place as the Host field, so that two programs could take it for
     * two requests.
     */
    static @Nullable String origin(String target, @Nullable String hostField, boolean secure) {
        String scheme = secure ? HTTPS : HTTP;
        if (hostField == null || !target.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return null;
        }
        int end = scheme.length();
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String authority = target.substring(scheme.length(), end);
        if (authority.isEmpty() || !HostText.isSame(authority, hostField, secure ? HTTPS_PORT : HTTP_PORT)) {
            return null;
        }
        String rest = target.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }
}
