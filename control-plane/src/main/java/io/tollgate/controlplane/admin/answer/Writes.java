package io.tollgate.controlplane.admin.answer;

import io.tollgate.admin.model.ConsumerKey;
import io.tollgate.admin.model.Key;
import io.tollgate.admin.model.KeyBatch;
import io.tollgate.controlplane.admin.token.Caller;
import io.tollgate.controlplane.catalog.credential.CredentialEntity;
import io.tollgate.controlplane.catalog.credential.IssuedKey;
import io.tollgate.controlplane.catalog.directory.Written;
import io.tollgate.controlplane.catalog.revision.AppliedEverywhere;
import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import io.tollgate.controlplane.catalog.revision.RevisionLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers writes: once per Idempotency-Key, on what the writer has read, and after the nodes when wanted. Shared; worker threads only. */
@ApplicationScoped
public class Writes {
    private static final String KEYS = "/keys";

    private final RevisionLog revisions;
    private final KeptAnswers kept;
    private final RequestDigests digests;
    private final ApiPortraits portraits;
    private final Caller caller;
    private final UriInfo uri;
    private final AppliedEverywhere applied;

    Writes(
            RevisionLog revisions,
            KeptAnswers kept,
            RequestDigests digests,
            ApiPortraits portraits,
            Caller caller,
            UriInfo uri,
            AppliedEverywhere applied) {
        this.revisions = revisions;
        this.kept = kept;
        this.digests = digests;
        this.portraits = portraits;
        this.caller = caller;
        this.uri = uri;
        this.applied = applied;
    }

    /** What a POST was sent with. Immutable. */
    public record Post(
            ObjectKind kind,
            Object body,
            @Nullable String idempotencyKey,
            @Nullable String prefer) {}

    /** What a PUT or DELETE was sent with. Immutable. */
    public record Change(
            ObjectKind kind,
            @Nullable String ifMatch,
            @Nullable String prefer) {}

    /** What a PUT does to what is there. */
    @FunctionalInterface
    public interface Put<E extends CatalogEntity> {
        Written<E> apply(RevisionDraft draft, @Nullable E current);
    }

    /** Creates something. */
    public Response post(Post post, Function<RevisionDraft, CatalogEntity> create) {
        return answerOnce(post, draft -> created(draft, create.apply(draft)));
    }

    /** Issues a key: the one answer of which not everything is kept. */
    public Response postKey(Post post, Function<RevisionDraft, IssuedKey> issue) {
        return answerOnce(post, draft -> {
            IssuedKey issued = issue.apply(draft);
            Answer shown = created(draft, issued.entity(), keyLocation(issued.entity()));
            Key shownOnce = Models.of(issued.entity()).secret(issued.secret());
            return new Answer(shown.status(), shown.headers(), portraits.json((Object) shownOnce), shown.body());
        });
    }

    /** Takes over a key: nothing of its answer is secret. */
    public Response postForeignKey(Post post, Function<RevisionDraft, CredentialEntity> take) {
        return answerOnce(post, draft -> {
            CredentialEntity taken = take.apply(draft);
            return created(draft, taken, keyLocation(taken));
        });
    }

    /**
     * Issues many keys.
     *
     * @param consumers whose each is, as it is shown
     */
    public Response postKeys(Post post, List<String> consumers, Function<RevisionDraft, List<IssuedKey>> issue) {
        return answerOnce(post, draft -> {
            List<IssuedKey> issued = issue.apply(draft);
            return new Answer(
                    201,
                    Map.of(Answer.REVISION, Long.toString(draft.revision())),
                    portraits.json((Object) batch(consumers, issued, IssuedKey::secret)),
                    portraits.json((Object) batch(consumers, issued, key -> null)));
        });
    }

    private static KeyBatch batch(
            List<String> consumers, List<IssuedKey> issued, Function<IssuedKey, @Nullable String> secret) {
        List<ConsumerKey> keys = new ArrayList<>(issued.size());
        for (int i = 0; i < issued.size(); i++) {
            IssuedKey one = issued.get(i);
            keys.add(new ConsumerKey()
                    .consumer(consumers.get(i))
                    .key(Models.of(one.entity()).secret(secret.apply(one))));
        }
        return new KeyBatch().keys(keys);
    }

    /** Under the keys of its consumer, whatever was called to make it. */
    private String keyLocation(CatalogEntity key) {
        String path = uri.getPath();
        return path.substring(0, path.lastIndexOf(KEYS) + KEYS.length()) + "/" + key.name();
    }

    private Response answerOnce(Post post, Function<RevisionDraft, Answer> work) {
        Preference preference = Preference.parse(post.prefer());
        String key = post.idempotencyKey();
        if (key == null) {
            return finish(write(work), preference);
        }
        byte[] digest = digests.of(uri.getPath(), portraits.json(post.body()));
        Answer answer = write(draft -> kept.once(draft, key, digest, () -> work.apply(draft)));
        return finish(answer, preference);
    }

    /** Creates or replaces something. */
    public <E extends CatalogEntity> Response put(
            Change change, Function<RevisionDraft, @Nullable E> find, Put<E> put) {
        Preference preference = Preference.parse(change.prefer());
        IfMatch ifMatch = new IfMatch(change.ifMatch());
        Answer answer = write(draft -> {
            E current = find.apply(draft);
            ifMatch.judge(current == null ? null : tag(current));
            Written<E> written = put.apply(draft, current);
            return switch (written.ending()) {
                case CREATED -> created(draft, written.entity());
                case UNCHANGED -> replaced(draft, written.entity());
                case REPLACED -> {
                    ifMatch.require();
                    yield replaced(draft, written.entity());
                }
            };
        });
        return finish(answer, preference);
    }

    /** Does something to what is there, whatever was read of it. */
    public <E extends CatalogEntity> Response act(
            @Nullable String prefer, Function<RevisionDraft, E> get, BiConsumer<RevisionDraft, E> act) {
        Preference preference = Preference.parse(prefer);
        Answer answer = write(draft -> {
            E current = get.apply(draft);
            act.accept(draft, current);
            return replaced(draft, current);
        });
        return finish(answer, preference);
    }

    /** Deletes or revokes something. */
    public <E extends CatalogEntity> Response delete(
            Change change, Function<RevisionDraft, E> get, BiConsumer<RevisionDraft, E> delete) {
        Preference preference = Preference.parse(change.prefer());
        IfMatch ifMatch = new IfMatch(change.ifMatch());
        Answer answer = write(draft -> {
            E current = get.apply(draft);
            ifMatch.require();
            ifMatch.judge(tag(current));
            delete.accept(draft, current);
            return new Answer(204, Map.of(Answer.REVISION, Long.toString(draft.revision())), null, null);
        });
        return finish(answer, preference);
    }

    private Answer write(Function<RevisionDraft, Answer> work) {
        return revisions.write(caller.actor(), work::apply);
    }

    private String tag(CatalogEntity entity) {
        return portraits.tag(entity, portraits.json(entity));
    }

    private Answer created(RevisionDraft draft, CatalogEntity entity) {
        return created(draft, entity, location(entity));
    }

    private Answer created(RevisionDraft draft, CatalogEntity entity, String location) {
        String json = portraits.json(entity);
        return new Answer(
                201,
                Map.of(
                        HttpHeaders.ETAG,
                        portraits.tag(entity, json),
                        Answer.REVISION,
                        Long.toString(draft.revision()),
                        HttpHeaders.LOCATION,
                        location),
                json,
                json);
    }

    /** Where a new thing is: under the collection that it was posted to, or where it was put. */
    private String location(CatalogEntity entity) {
        String path = uri.getPath();
        return path.endsWith("/" + entity.name()) ? path : path + "/" + entity.name();
    }

    private Answer replaced(RevisionDraft draft, CatalogEntity entity) {
        String json = portraits.json(entity);
        return new Answer(
                200,
                Map.of(HttpHeaders.ETAG, portraits.tag(entity, json), Answer.REVISION, Long.toString(draft.revision())),
                json,
                json);
    }

    private Response finish(Answer answer, Preference preference) {
        if (preference.waitSeconds() == 0) {
            return answer.response(answer.status()).build();
        }
        List<String> pending = applied.awaitPending(answer.revision(), Duration.ofSeconds(preference.waitSeconds()));
        Response.ResponseBuilder response = answer.response(pending.isEmpty() ? answer.status() : 202);
        response.header("Preference-Applied", "wait=" + preference.waitSeconds());
        if (!pending.isEmpty()) {
            response.header("Tollgate-Pending-Nodes", String.join(", ", pending));
        }
        return response.build();
    }
}
