package io.tollgate.controlplane.admin.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.controlplane.catalog.adminissuer.AdminIssuerCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Finds and reads the keys of an issuer: OpenID Connect Discovery 1.0, section 4, then a JSON Web Key Set (RFC 7517). No redirect is
 * followed. Shared; never blocks.
 */
final class KeyFetch {
    static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(3);

    /** The whole of discovery and keys. */
    static final Duration TIME_MAX = Duration.ofSeconds(8);

    /** Some hundred keys with their certificates fit; more is not a key set. */
    static final int BODY_BYTES_MAX = 1 << 20;

    /** Keys that are looked at for a token. */
    static final int KEYS_MAX = 256;

    private static final String DISCOVERY = ".well-known/openid-configuration";

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIME_MAX)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final ObjectMapper mapper;

    KeyFetch(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** The keys of {@code issuer}, at {@code jwksUrl} or where its discovery document says. */
    CompletableFuture<List<JsonWebKey>> keys(String issuer, @Nullable String jwksUrl) {
        CompletableFuture<String> where = jwksUrl == null
                ? get(discovery(issuer)).thenApply(document -> jwksUri(issuer, document))
                : CompletableFuture.completedFuture(jwksUrl);
        return where.thenCompose(this::get)
                .thenApply(KeyFetch::parse)
                .orTimeout(TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String discovery(String issuer) {
        return issuer.endsWith("/") ? issuer + DISCOVERY : issuer + "/" + DISCOVERY;
    }

    private CompletableFuture<byte[]> get(String url) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(TIME_MAX)
                .header("Accept", "application/json")
                .build();
        return client.sendAsync(request, head -> new LimitedBody(BODY_BYTES_MAX))
                .thenApply(answer -> {
                    if (answer.statusCode() != 200) {
                        throw failed(url + " answered " + answer.statusCode());
                    }
                    return answer.body();
                });
    }

    private String jwksUri(String issuer, byte[] document) {
        JsonNode discovered;
        try {
            discovered = mapper.readTree(document);
        } catch (IOException e) {
            throw failed("the discovery document is no JSON");
        }
        // Whoever can put a document there must not speak for another issuer.
        if (!discovered.path("issuer").asText().equals(issuer)) {
            throw failed("the discovery document is that of another issuer: "
                    + discovered.path("issuer").asText());
        }
        String uri = discovered.path("jwks_uri").asText();
        if (!AdminIssuerCatalog.isTrustworthy(uri)) {
            throw failed("the discovery document names no https jwks_uri: " + uri);
        }
        return uri;
    }

    private static List<JsonWebKey> parse(byte[] body) {
        try {
            List<JsonWebKey> keys = new JsonWebKeySet(new String(body, StandardCharsets.UTF_8)).getJsonWebKeys();
            if (keys.isEmpty() || keys.size() > KEYS_MAX) {
                throw failed(keys.size() + " keys (expected: 1 to " + KEYS_MAX + ")");
            }
            return List.copyOf(keys);
        } catch (JoseException e) {
            throw failed("the keys are no JSON Web Key Set");
        }
    }

    private static UncheckedIOException failed(String why) {
        return new UncheckedIOException(new IOException(why));
    }
}
