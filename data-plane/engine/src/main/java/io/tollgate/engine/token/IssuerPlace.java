package io.tollgate.engine.token;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where one of our own issuers is found: host and path of its URL (RFC 8414, 3). Immutable.
 *
 * @param url as its tokens name it
 * @param secure whether it is there over https only
 * @param host in lower case, without a port
 * @param path without a slash at its end; empty: the root
 */
public record IssuerPlace(String url, boolean secure, String host, String path) {
    /** The words that stand between host and path where its metadata are. */
    public static final String METADATA = "/.well-known/oauth-authorization-server";
    /** Where tokens are issued, below the issuer. */
    public static final String TOKEN = "token";
    /** Where its keys are, below the issuer. */
    public static final String KEYS = "jwks.json";

    /** Where an issuer's URL leads; null when it leads nowhere: to no path without surprises, or has a query. */
    public static @Nullable IssuerPlace of(String text) {
        try {
            URI url = new URI(text);
            String host = url.getHost();
            String path = url.getRawPath();
            if (host == null
                    || url.getRawQuery() != null
                    || url.getRawFragment() != null
                    || url.getRawUserInfo() != null
                    || !("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                    || !path.matches("(/[A-Za-z0-9._~-]+)*/?")
                    || !url.normalize().equals(url)) {
                return null;
            }
            boolean slash = path.endsWith("/");
            return new IssuerPlace(
                    slash ? text.substring(0, text.length() - 1) : text,
                    "https".equals(url.getScheme()),
                    host.toLowerCase(Locale.ROOT),
                    slash ? path.substring(0, path.length() - 1) : path);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Path of something that is below the issuer. */
    public String pathOf(String name) {
        return path + "/" + name;
    }

    /** URL of something that is below the issuer. */
    public String urlOf(String name) {
        return url + "/" + name;
    }

    /** Path of its metadata. */
    public String metadataPath() {
        return METADATA + path;
    }
}
