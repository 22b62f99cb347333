package io.tollgate.controlplane;

import io.tollgate.controlplane.stream.StreamHosts;
import io.tollgate.controlplane.stream.StreamMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the operator says through environment variables, checked. Immutable.
 *
 * @param home directory of all state (TOLLGATE_HOME; default {@code var})
 * @param database TOLLGATE_DATABASE_URL; absent: PostgreSQL runs embedded under the home
 * @param adminHost TOLLGATE_ADMIN_HOST; default 127.0.0.1: the admin API is opened to others on purpose only
 * @param adminPort TOLLGATE_ADMIN_PORT; default 9080; 0: any free one
 * @param streamHost TOLLGATE_STREAM_HOST; default 127.0.0.1
 * @param streamPort TOLLGATE_STREAM_PORT; default 9090; 0: any free one
 * @param stream TOLLGATE_STREAM_SECURITY, TOLLGATE_STREAM_NAMES and TOLLGATE_NODE_CERTIFICATE_SECONDS
 * @param joinToken TOLLGATE_JOIN_TOKEN; absent: minted once into the home
 * @param envelopeKey TOLLGATE_ENVELOPE_KEY, or the file that TOLLGATE_ENVELOPE_KEY_FILE names; absent: made once into the home
 * @param envelopeKeyNext TOLLGATE_ENVELOPE_KEY_NEXT, or _NEXT_FILE; only to change the key
 * @param streamTls TOLLGATE_STREAM_CERTIFICATE, _KEY and _TRUST; absent: as {@code stream} says
 * @param issuer TOLLGATE_ISSUER, TOLLGATE_JWKS_URL and TOLLGATE_ROLES_CLAIM; absent: only this control plane issues tokens
 */
public record Environment(
        Path home,
        Optional<DatabaseAddress> database,
        String adminHost,
        int adminPort,
        String streamHost,
        int streamPort,
        StreamGuard stream,
        Optional<String> joinToken,
        Optional<String> envelopeKey,
        Optional<String> envelopeKeyNext,
        Optional<StreamTls> streamTls,
        Optional<ExternalIssuer> issuer) {

    /**
     * PEM files of the stream's TLS.
     *
     * @param trust when present, nodes must show a certificate that it vouches for
     */
    public record StreamTls(
            Path certificate, Path key, @Nullable Path trust) {}

    /**
     * How the streams are guarded.
     *
     * @param names by which nodes dial this control plane, beside its host
     * @param certificateSeconds how long what nodes get from the own authority is good for
     */
    public record StreamGuard(StreamMode mode, List<String> names, int certificateSeconds) {
        public StreamGuard {
            names = List.copyOf(names);
        }
    }

    /** Who issues admin tokens beside this control plane. */
    public record ExternalIssuer(String issuer, String jwksUrl, String rolesClaim) {}

    /** A shared secret shorter than this can be guessed. */
    static final int JOIN_TOKEN_CHARACTERS_MIN = 16;

    /** A certificate lives a week: longer than a control plane is away, shorter than a stolen one is of use. */
    static final int CERTIFICATE_SECONDS_DEFAULT = 604_800;

    /** For tests; a third of it must be enough to ask for the next one. */
    static final int CERTIFICATE_SECONDS_MIN = 5;

    static final int CERTIFICATE_SECONDS_MAX = 31_536_000;

    private static final int STREAM_NAMES_MAX = 64;
    private static final Pattern STREAM_NAME = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");
    private static final String STREAM_SECURITY = "TOLLGATE_STREAM_SECURITY";
    private static final String STREAM_NAMES = "TOLLGATE_STREAM_NAMES";
    private static final String CERTIFICATE_SECONDS = "TOLLGATE_NODE_CERTIFICATE_SECONDS";
    private static final String PREFIX = "TOLLGATE_";

    /** Reads and checks all TOLLGATE_ variables; a name that is not known stops the start. */
    public static Environment parse(Map<String, String> variables) throws StartRefused {
        Reader reader = new Reader();
        variables.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                reader.given.put(name, value);
            }
        });
        Environment environment = new Environment(
                reader.directory("TOLLGATE_HOME", "var"),
                reader.database("TOLLGATE_DATABASE_URL"),
                reader.text("TOLLGATE_ADMIN_HOST", "127.0.0.1"),
                reader.port("TOLLGATE_ADMIN_PORT", 9080),
                reader.text("TOLLGATE_STREAM_HOST", "127.0.0.1"),
                reader.port("TOLLGATE_STREAM_PORT", 9090),
                reader.streamGuard(),
                reader.joinToken("TOLLGATE_JOIN_TOKEN"),
                reader.envelopeKey("TOLLGATE_ENVELOPE_KEY"),
                reader.envelopeKey("TOLLGATE_ENVELOPE_KEY_NEXT"),
                reader.streamTls(),
                reader.externalIssuer());
        reader.refuseUnknown();
        return environment;
    }

    /** Takes variables by name and remembers which names there are. */
    private static final class Reader {
        private final Map<String, String> given = new TreeMap<>();
        private final TreeSet<String> known = new TreeSet<>();

        private @Nullable String value(String name) {
            known.add(name);
            String value = given.get(name);
            return value == null || value.isBlank() ? null : value.strip();
        }

        private String text(String name, String absent) {
            String value = value(name);
            return value == null ? absent : value;
        }

        private int port(String name, int absent) throws StartRefused {
            String value = value(name);
            if (value == null) {
                return absent;
            }
            try {
                int port = Integer.parseInt(value);
                if (port >= 0 && port <= 65_535) {
                    return port;
                }
            } catch (NumberFormatException e) {
                throw portRefused(name, value);
            }
            throw portRefused(name, value);
        }

        private static StartRefused portRefused(String name, String value) {
            return new StartRefused(name + ": " + value + " (expected: a port from 1 to 65535, or 0 for any free one)");
        }

        private Path directory(String name, String absent) throws StartRefused {
            String value = text(name, absent);
            try {
                return Path.of(value).toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                throw new StartRefused(name + ": " + value + " (expected: a directory)");
            }
        }

        private @Nullable Path pemFile(String name) throws StartRefused {
            return file(name, "a PEM file");
        }

        private @Nullable Path file(String name, String expected) throws StartRefused {
            String value = value(name);
            if (value == null) {
                return null;
            }
            Path file;
            try {
                file = Path.of(value).toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                throw new StartRefused(name + ": " + value + " (expected: " + expected + ")");
            }
            if (!Files.isReadable(file)) {
                throw new StartRefused(name + ": " + value + " cannot be read (expected: " + expected + ")");
            }
            return file;
        }

        private Optional<DatabaseAddress> database(String name) throws StartRefused {
            String value = value(name);
            return value == null ? Optional.empty() : Optional.of(DatabaseAddress.parse(value));
        }

        private Optional<String> joinToken(String name) throws StartRefused {
            String value = value(name);
            if (value != null && value.length() < JOIN_TOKEN_CHARACTERS_MIN) {
                throw new StartRefused(name + ": " + value.length() + " characters (expected: at least "
                        + JOIN_TOKEN_CHARACTERS_MIN + ")");
            }
            return Optional.ofNullable(value);
        }

        /** The secret itself, or a file that holds it, so that it need not stand in an environment. */
        private Optional<String> envelopeKey(String name) throws StartRefused {
            String value = value(name);
            Path file = file(name + "_FILE", "a file with the envelope key");
            if (file == null) {
                return Optional.ofNullable(value);
            }
            if (value != null) {
                throw new StartRefused(name + " and " + name + "_FILE: both given (expected: one of them)");
            }
            try {
                return Optional.of(Files.readString(file).strip());
            } catch (IOException e) {
                throw new StartRefused(
                        name + "_FILE: " + file + " cannot be read (expected: a file with the envelope key)");
            }
        }

        /** On one machine the shared join token is enough; what others can reach is encrypted, unless asked for by name. */
        private StreamGuard streamGuard() throws StartRefused {
            String host = text("TOLLGATE_STREAM_HOST", "127.0.0.1");
            boolean files = value("TOLLGATE_STREAM_CERTIFICATE") != null;
            StreamMode mode = streamMode(
                    files
                            ? StreamMode.FILES
                            : StreamHosts.isLoopback(host) ? StreamMode.PLAIN : StreamMode.OWN_AUTHORITY);
            if (files != (mode == StreamMode.FILES)) {
                throw new StartRefused(STREAM_SECURITY + ": " + mode.word() + (files ? ", but" : " without")
                        + " TOLLGATE_STREAM_CERTIFICATE (expected: " + StreamMode.FILES.word() + " with it)");
            }
            List<String> names = names();
            int seconds = certificateSeconds();
            if (mode == StreamMode.OWN_AUTHORITY) {
                if (value("TOLLGATE_JOIN_TOKEN") != null) {
                    throw new StartRefused("TOLLGATE_JOIN_TOKEN: a shared token, but the stream at " + host
                            + " takes one-time join tokens (expected: none, or " + STREAM_SECURITY
                            + "=plain to go on in plain text)");
                }
                if (StreamHosts.isWildcard(host) && names.isEmpty()) {
                    throw new StartRefused(STREAM_NAMES + ": absent, and TOLLGATE_STREAM_HOST is " + host
                            + " (expected: the names by which nodes dial this control plane, as in control-plane,10.0.0.7; or "
                            + STREAM_SECURITY + "=plain to go on in plain text)");
                }
            }
            return new StreamGuard(mode, names, seconds);
        }

        private StreamMode streamMode(StreamMode absent) throws StartRefused {
            String word = value(STREAM_SECURITY);
            return word == null
                    ? absent
                    : StreamMode.of(word)
                            .orElseThrow(() -> new StartRefused(
                                    STREAM_SECURITY + ": " + word + " (expected: plain, files or own-authority)"));
        }

        private List<String> names() throws StartRefused {
            List<String> names = new ArrayList<>();
            for (String name : text(STREAM_NAMES, "").split(",", -1)) {
                String stripped = name.strip();
                if (stripped.isEmpty()) {
                    continue;
                }
                if (!STREAM_NAME.matcher(stripped).matches()) {
                    throw new StartRefused(STREAM_NAMES + ": " + stripped
                            + " (expected: host names and IP addresses, separated by commas)");
                }
                names.add(stripped);
            }
            if (names.size() > STREAM_NAMES_MAX) {
                throw new StartRefused(
                        STREAM_NAMES + ": " + names.size() + " names (expected: at most " + STREAM_NAMES_MAX + ")");
            }
            return names;
        }

        private int certificateSeconds() throws StartRefused {
            String text = text(CERTIFICATE_SECONDS, Integer.toString(CERTIFICATE_SECONDS_DEFAULT));
            try {
                int seconds = Integer.parseInt(text);
                if (seconds >= CERTIFICATE_SECONDS_MIN && seconds <= CERTIFICATE_SECONDS_MAX) {
                    return seconds;
                }
            } catch (NumberFormatException e) {
                throw certificateSecondsRefused(text);
            }
            throw certificateSecondsRefused(text);
        }

        private static StartRefused certificateSecondsRefused(String text) {
            return new StartRefused(CERTIFICATE_SECONDS + ": " + text + " (expected: " + CERTIFICATE_SECONDS_MIN
                    + " to " + CERTIFICATE_SECONDS_MAX + " seconds)");
        }

        private Optional<StreamTls> streamTls() throws StartRefused {
            Path certificate = pemFile("TOLLGATE_STREAM_CERTIFICATE");
            Path key = pemFile("TOLLGATE_STREAM_KEY");
            Path trust = pemFile("TOLLGATE_STREAM_TRUST");
            if (certificate == null && key == null && trust == null) {
                return Optional.empty();
            }
            if (certificate == null || key == null) {
                throw new StartRefused((certificate == null ? "TOLLGATE_STREAM_CERTIFICATE" : "TOLLGATE_STREAM_KEY")
                        + ": absent (expected: TLS on the stream needs certificate and key)");
            }
            return Optional.of(new StreamTls(certificate, key, trust));
        }

        private Optional<ExternalIssuer> externalIssuer() throws StartRefused {
            String issuer = value("TOLLGATE_ISSUER");
            String jwksUrl = value("TOLLGATE_JWKS_URL");
            String rolesClaim = value("TOLLGATE_ROLES_CLAIM");
            if (issuer == null && jwksUrl == null && rolesClaim == null) {
                return Optional.empty();
            }
            if (issuer == null || jwksUrl == null) {
                throw new StartRefused((issuer == null ? "TOLLGATE_ISSUER" : "TOLLGATE_JWKS_URL")
                        + ": absent (expected: an external issuer needs its name and the URL of its keys)");
            }
            if (!jwksUrl.startsWith("https://") && !jwksUrl.startsWith("http://")) {
                throw new StartRefused("TOLLGATE_JWKS_URL: " + jwksUrl + " (expected: an http or https URL)");
            }
            return Optional.of(new ExternalIssuer(issuer, jwksUrl, rolesClaim == null ? "roles" : rolesClaim));
        }

        private void refuseUnknown() throws StartRefused {
            for (String name : given.keySet()) {
                if (!known.contains(name)) {
                    throw new StartRefused(name + ": unknown (expected: "
                            + NearestName.of(name, known)
                                    .map(nearest -> "did you mean " + nearest + "?")
                                    .orElse("one of " + String.join(", ", known))
                            + ")");
                }
            }
        }
    }
}
