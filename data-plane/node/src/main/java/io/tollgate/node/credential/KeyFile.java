package io.tollgate.node.credential;

import io.tollgate.engine.token.KeyFault;
import io.tollgate.engine.token.KeySet;
import io.tollgate.node.home.DurableFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last good keys of an issuer on the node's own disk, so that a node that starts again while the issuer is away knows its tokens. They
 * are public. Immutable.
 *
 * @param path null: nothing is kept
 * @param url where they are from; what is from elsewhere is not taken
 * @param writer does what blocks
 */
record KeyFile(@Nullable Path path, String url, Consumer<Runnable> writer) {
    private static final Logger LOG = System.getLogger(KeyFile.class.getName());
    private static final long BYTES_MAX = 2L * KeyFetch.BYTES_MAX;

    /** What is kept; null when nothing is, or it is of no use. */
    @Nullable
    KeySet read() {
        if (path == null) {
            return null;
        }
        try {
            if (!Files.isRegularFile(path) || Files.size(path) > BYTES_MAX) {
                return null;
            }
            String text = Files.readString(path, StandardCharsets.UTF_8);
            int end = text.indexOf('\n');
            return end < 0 || !text.substring(0, end).equals(url)
                    ? null
                    : KeySet.ofJwks(text.substring(end + 1), KeySet.Unfit.LEFT_OUT);
        } catch (IOException | KeyFault e) {
            LOG.log(Level.WARNING, "event=issuer-keys-unreadable file=" + path, e);
            return null;
        }
    }

    /** Keeps nothing any more. */
    void delete() {
        Path gone = path;
        if (gone == null) {
            return;
        }
        writer.accept(() -> {
            try {
                Files.deleteIfExists(gone);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "event=issuer-keys-not-deleted file=" + gone, e);
            }
        });
    }

    /** Keeps these; soon, and without a word when that fails but in the log. */
    void write(String document) {
        Path to = path;
        if (to == null) {
            return;
        }
        writer.accept(() -> {
            try {
                Files.createDirectories(to.toAbsolutePath().getParent());
                DurableFile.replace(to, (url + "\n" + document).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                LOG.log(Level.WARNING, "event=issuer-keys-not-kept file=" + to, e);
            }
        });
    }
}
