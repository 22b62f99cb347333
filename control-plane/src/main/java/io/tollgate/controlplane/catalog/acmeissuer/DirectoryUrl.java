package io.tollgate.controlplane.catalog.acmeissuer;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which URLs of ACME servers are called: what is said there decides whose certificate is believed to be whose. Immutable functions. */
public final class DirectoryUrl {
    /** What is wanted, for people. */
    public static final String EXPECTED =
            "https://host/path, or http:// on a loopback address, without user and fragment";

    private DirectoryUrl() {}

    /** Whether it is one. */
    public static boolean isAllowed(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            return false;
        }
        String host = url.getHost();
        if (host == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            return false;
        }
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        return scheme.equals("https") || (scheme.equals("http") && isLoopback(host));
    }

    private static boolean isLoopback(@Nullable String host) {
        return "localhost".equals(host)
                || "[::1]".equals(host)
                || (host != null && host.matches("127(\\.\\d{1,3}){3}"));
    }
}
