package io.tollgate.controlplane;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The migrations that this binary carries. Immutable. */
final class KnownMigrations {
    private static final String FIRST = "db/migration/V001__house.sql";
    private static final Pattern FILE = Pattern.compile("(?:.*/)?V(\\d+)__[^/]*\\.sql");

    private KnownMigrations() {}

    /** The newest version among them. */
    static int newest() throws StartRefused {
        URL first = KnownMigrations.class.getClassLoader().getResource(FIRST);
        if (first == null) {
            throw new StartRefused(
                    "the migrations are missing from this build (expected: " + FIRST + " on the class path)");
        }
        try {
            return names(first).stream()
                    .map(FILE::matcher)
                    .filter(Matcher::matches)
                    .mapToInt(matched -> Integer.parseInt(matched.group(1)))
                    .max()
                    .orElseThrow();
        } catch (IOException | URISyntaxException e) {
            throw new StartRefused("the migrations of this build cannot be read: " + e.getMessage());
        }
    }

    private static List<String> names(URL first) throws IOException, URISyntaxException {
        URLConnection connection = first.openConnection();
        if (connection instanceof JarURLConnection jar) {
            // Not the shared cache: its jar would stay open in other hands.
            jar.setUseCaches(false);
            try (var file = jar.getJarFile()) {
                return file.stream().map(entry -> entry.getName()).toList();
            }
        }
        try (Stream<Path> siblings = Files.list(Path.of(first.toURI()).getParent())) {
            return siblings.map(path -> path.getFileName().toString()).toList();
        }
    }
}
