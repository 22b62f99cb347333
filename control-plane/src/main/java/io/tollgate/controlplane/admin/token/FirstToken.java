package io.tollgate.controlplane.admin.token;

import io.quarkus.runtime.StartupEvent;
import io.tollgate.controlplane.catalog.audit.Actor;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Leaves a token of an administrator in the home, for its owner's eyes only, when there is none: at the first start, and again when
 * somebody deleted the file. Shared; start-up thread.
 */
@ApplicationScoped
public class FirstToken {
    static final String FILE = "admin-token";

    private static final Logger LOG = Logger.getLogger(FirstToken.class);
    private static final Actor ADMINISTRATOR = new Actor("admin", Set.of("admin"));

    private final TokenIssuer issuer;
    private final IssuerSettings settings;
    private final Clock clock;

    FirstToken(TokenIssuer issuer, IssuerSettings settings, Clock clock) {
        this.issuer = issuer;
        this.settings = settings;
        this.clock = clock;
    }

    void onStart(@Observes @Priority(IssuerKeys.STARTUP_PRIORITY + 1) StartupEvent event) {
        Path file = settings.home().resolve(FILE);
        if (!issuer.isInUse() || Files.exists(file)) {
            return;
        }
        try {
            Instant expiresAt = clock.instant().plus(TokenIssuer.LIFETIME_MAX);
            write(
                    file,
                    issuer.sign(FILE, ADMINISTRATOR, expiresAt, Actor.TOLLGATE).text());
            LOG.infof("event=admin-token-written file=%s", file);
        } catch (IOException e) {
            throw new UncheckedIOException("the admin token cannot be written to " + file, e);
        }
    }

    /** Written beside and moved into place: a crash leaves no half of a token. */
    private static void write(Path file, String token) throws IOException {
        Path home = Files.createDirectories(file.toAbsolutePath().getParent());
        boolean posix = Files.getFileStore(home).supportsFileAttributeView("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Path beside = Files.createTempFile(home, FILE, ".new", ownerOnly);
        Files.writeString(beside, token + "\n", StandardOpenOption.SYNC);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
