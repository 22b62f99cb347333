package io.tollgate.controlplane.acme;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** The accounts at ACME servers: made at the first order, found again by their URL. Shared; blocks. */
final class Accounts {
    private static final URI NO_ACCOUNT = URI.create("urn:ietf:params:acme:error:accountDoesNotExist");

    private final OrderTable table;

    Accounts(OrderTable table) {
        this.table = table;
    }

    /** Signs in, and makes the account where there is none yet; a server gives the same one to the same key (RFC 8555, 7.3). */
    Login login(OrderPlan.Issuer issuer) throws AcmeException, SQLException {
        Session session = new Session(URI.create(issuer.directoryUrl()), new IssuerProvider(tls(issuer.trusted())));
        session.setLocale(Locale.ENGLISH);
        session.networkSettings().setCompressionEnabled(false);
        String known = table.account(issuer.id(), issuer.directoryUrl());
        if (known != null) {
            return session.login(url(known), issuer.keys().account());
        }
        try {
            Login made = make(issuer, session);
            table.account(
                    issuer.id(),
                    issuer.directoryUrl(),
                    made.getAccountLocation().toString(),
                    null);
            return made;
        } catch (AcmeException e) {
            table.account(issuer.id(), issuer.directoryUrl(), null, Words.of(e));
            throw e;
        }
    }

    private static Login make(OrderPlan.Issuer issuer, Session session) throws AcmeException {
        AccountBuilder builder =
                new AccountBuilder().useKeyPair(issuer.keys().account()).agreeToTermsOfService();
        issuer.contacts().forEach(builder::addContact);
        byte[] hmac = issuer.keys().externalHmac();
        if (issuer.externalKeyId() != null && hmac != null) {
            builder.withKeyIdentifier(issuer.externalKeyId(), new SecretKeySpec(hmac, "HMAC"))
                    .withMacAlgorithm("HS256");
        }
        return builder.createLogin(session);
    }

    /** Takes down that a server does not know an account any more; the next attempt makes another. */
    void judge(OrderPlan.Issuer issuer, AcmeException failure) throws SQLException {
        if (failure instanceof AcmeServerException said && NO_ACCOUNT.equals(said.getType())) {
            table.account(issuer.id(), issuer.directoryUrl(), null, Words.of(failure));
        }
    }

    static URL url(String text) {
        try {
            return URI.create(text).toURL();
        } catch (IOException e) {
            throw new IllegalStateException("a URL that was one when it was stored: " + text, e);
        }
    }

    private static @Nullable SSLContext tls(List<X509Certificate> trusted) {
        if (trusted.isEmpty()) {
            return null;
        }
        try {
            KeyStore roots = KeyStore.getInstance("PKCS12");
            roots.load(null, null);
            for (int i = 0; i < trusted.size(); i++) {
                roots.setCertificateEntry("root-" + i, trusted.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(roots);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JDK has TLS and stores of certificates in memory", e);
        }
    }
}
