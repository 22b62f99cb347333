package io.tollgate.controlplane;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is and who asks. Immutable.
 *
 * @param jdbcUrl {@code jdbc:postgresql://...}, without the password
 * @param user absent when the URL's parameters or the driver's defaults say it
 * @param password absent when there is none, or the URL's parameters say it
 */
public record DatabaseAddress(
        String jdbcUrl, @Nullable String user, @Nullable String password) {
    private static final String JDBC = "jdbc:postgresql:";

    /**
     * Reads {@code postgresql://user:password@host:port/database?parameters} (user and password percent-encoded) or a JDBC
     * URL as it is.
     */
    public static DatabaseAddress parse(String text) throws StartRefused {
        if (text.startsWith(JDBC)) {
            int question = text.indexOf('?');
            if (text.lastIndexOf('@', question < 0 ? text.length() : question) >= 0) {
                // The driver would take them for a part of the host's name, and its messages would show the password.
                throw refused("a JDBC URL takes user and password as parameters, not before the host");
            }
            return new DatabaseAddress(text, null, null);
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw refused("it is not a URL");
        }
        if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
            throw refused("its scheme is not postgresql");
        }
        if (uri.getHost() == null) {
            throw refused("it names no host");
        }
        if (uri.getPath() == null || uri.getPath().length() < 2) {
            throw refused("it names no database");
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String parameters = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String jdbcUrl = JDBC + "//" + uri.getHost() + port + uri.getRawPath() + parameters;
        String userInfo = uri.getRawUserInfo();
        if (userInfo == null) {
            return new DatabaseAddress(jdbcUrl, null, null);
        }
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? new DatabaseAddress(jdbcUrl, decoded(userInfo), null)
                : new DatabaseAddress(
                        jdbcUrl, decoded(userInfo.substring(0, colon)), decoded(userInfo.substring(colon + 1)));
    }

    /** The place without parameters, which may hold secrets: for messages. */
    public String place() {
        int question = jdbcUrl.indexOf('?');
        String shown = question < 0 ? jdbcUrl : jdbcUrl.substring(0, question);
        return shown.substring("jdbc:".length());
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "DatabaseAddress[" + place() + "]";
    }

    private static String decoded(String text) {
        // A plus sign stands for itself in this part of a URL.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static StartRefused refused(String why) {
        // The value itself may hold a password and is not shown.
        return new StartRefused("TOLLGATE_DATABASE_URL: " + why
                + " (expected: postgresql://user:password@host:port/database or jdbc:postgresql://...)");
    }
}
