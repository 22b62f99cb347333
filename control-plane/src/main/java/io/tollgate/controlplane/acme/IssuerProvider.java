package io.tollgate.controlplane.acme;

import io.tollgate.controlplane.catalog.acmeissuer.DirectoryUrl;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.DefaultConnection;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/**
 * Calls an ACME server within bounds: only URLs that a directory may have, whichever the server names; answers of a bounded length; and
 * whoever is to be believed about the server. Immutable.
 */
final class IssuerProvider extends GenericAcmeProvider {
    /** Chains of certificates are the longest answers, and those are shorter. */
    static final int ANSWER_BYTES_MAX = 1024 * 1024;

    private final @Nullable SSLContext tls;

    /** @param tls who is believed; null: the runtime's authorities */
    IssuerProvider(@Nullable SSLContext tls) {
        this.tls = tls;
    }

    @Override
    public Connection connect(URI serverUri, NetworkSettings settings) {
        return new BoundedConnection(createHttpConnector(settings));
    }

    @Override
    protected HttpConnector createHttpConnector(NetworkSettings settings) {
        return new HttpConnector(settings) {
            @Override
            public HttpClient.Builder createClientBuilder() {
                HttpClient.Builder builder = super.createClientBuilder().version(HttpClient.Version.HTTP_1_1);
                return tls == null ? builder : builder.sslContext(tls);
            }

            @Override
            public HttpRequest.Builder createRequestBuilder(URL url) {
                if (!DirectoryUrl.isAllowed(url.toString())) {
                    throw new AcmeProtocolException(url + " (expected: " + DirectoryUrl.EXPECTED + ")");
                }
                return super.createRequestBuilder(url);
            }
        };
    }

    /** Reads answers as they come, whole, up to the bound. One thread. */
    private static final class BoundedConnection extends DefaultConnection {
        private BoundedConnection(HttpConnector connector) {
            super(connector);
        }

        @Override
        protected void sendRequest(Session session, URL url, Consumer<HttpRequest.Builder> body) throws IOException {
            super.sendRequest(session, url, body);
            HttpResponse<InputStream> answer = lastResponse;
            if (answer == null) {
                return;
            }
            try (InputStream in = answer.body()) {
                byte[] bytes = in.readNBytes(ANSWER_BYTES_MAX + 1);
                if (bytes.length > ANSWER_BYTES_MAX) {
                    throw new IOException("an answer of more than " + ANSWER_BYTES_MAX + " bytes");
                }
                lastResponse = new Whole(answer, bytes);
            }
        }
    }

    /** An answer that has been read. Immutable. */
    private record Whole(HttpResponse<InputStream> answer, byte[] bytes) implements HttpResponse<InputStream> {
        @Override
        public InputStream body() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public int statusCode() {
            return answer.statusCode();
        }

        @Override
        public HttpRequest request() {
            return answer.request();
        }

        @Override
        public Optional<HttpResponse<InputStream>> previousResponse() {
            return answer.previousResponse();
        }

        @Override
        public HttpHeaders headers() {
            return answer.headers();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return answer.sslSession();
        }

        @Override
        public URI uri() {
            return answer.uri();
        }

        @Override
        public HttpClient.Version version() {
            return answer.version();
        }
    }
}
