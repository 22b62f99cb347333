package io.tollgate.controlplane.acme;

import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.certificate.CertificateCatalog;
import io.tollgate.controlplane.catalog.certificate.CertificateEntity;
import io.tollgate.controlplane.catalog.revision.CatalogException;
import io.tollgate.controlplane.catalog.revision.RevisionLog;
import io.tollgate.engine.tls.CertificateChain;
import io.tollgate.engine.tls.TlsFault;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;

/**
 * One attempt to get a certificate, from its lease to what became of it: the chain in the catalog, or a reason and the time of the next
 * attempt. Whatever happens, its challenges go with it. One thread.
 */
final class Attempt {
    private static final Logger LOG = Logger.getLogger(Attempt.class);
    private static final String SERVER_INTERNAL = "urn:ietf:params:acme:error:serverInternal";

    private final Means means;
    private final Lease lease;

    /** What all attempts work with. Immutable. */
    record Means(
            OrderRun.House house,
            OrderPlans plans,
            Accounts accounts,
            CertificateCatalog certificates,
            RevisionLog revisions,
            RandomGenerator random) {}

    /** How an attempt ended. */
    enum Outcome {
        OBTAINED("obtained"),
        FAILED("failed"),
        RATE_LIMITED("rate-limited"),
        /** Somebody else goes on with it, or nobody wants it any more. */
        LEFT("left");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }

        /** Label of metrics. */
        String word() {
            return word;
        }
    }

    Attempt(Means means, Lease lease) {
        this.means = means;
        this.lease = lease;
    }

    Outcome run() {
        String name = lease.certificateId().toString();
        try {
            OrderPlan plan = means.plans().read(lease.certificateId());
            if (plan == null || !plan.acme().wanted().equals(lease.wanted())) {
                return leave();
            }
            name = plan.name();
            LOG.infof(
                    "event=acme-attempt-begun name=%s issuer=%s order=%s",
                    name, plan.issuer().name(), lease.orderUrl() == null ? "new" : lease.orderUrl());
            Instant renewAt = get(plan);
            clear();
            if (renewAt == null) {
                return leave();
            }
            means.house().table().succeeded(lease, renewAt);
            LOG.infof("event=acme-certificate-obtained name=%s renew_at=%s", name, renewAt);
            return Outcome.OBTAINED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return leave();
        } catch (OrderFailed e) {
            return fail(name, e, Outcome.FAILED);
        } catch (AcmeException e) {
            if (isInterruption(e)) {
                Thread.currentThread().interrupt();
                return leave();
            }
            return fail(
                    name, failure(e), e instanceof AcmeRateLimitedException ? Outcome.RATE_LIMITED : Outcome.FAILED);
        } catch (CatalogException e) {
            return fail(name, new OrderFailed(Words.of(e), OrderFailed.End.KEEP), Outcome.FAILED);
        } catch (AcmeProtocolException | TlsFault e) {
            return fail(name, new OrderFailed(Words.of(e), OrderFailed.End.DROP), Outcome.FAILED);
        } catch (SQLException e) {
            // The database is away: the lease ends by itself, and whoever reaches it goes on.
            LOG.warnf("event=acme-attempt-broken name=%s cause=%s", name, e.getMessage());
            return Outcome.LEFT;
        } catch (RuntimeException e) {
            LOG.errorf(e, "event=acme-attempt-broken name=%s", name);
            return fail(name, new OrderFailed(Words.of(e), OrderFailed.End.KEEP), Outcome.FAILED);
        }
    }

    /** When the certificate is to be renewed; null when something else is wanted by now. */
    private @Nullable Instant get(OrderPlan plan)
            throws AcmeException, OrderFailed, SQLException, InterruptedException, TlsFault {
        try {
            Login login = means.accounts().login(plan.issuer());
            OrderRun.Got got = new OrderRun(means.house(), lease, plan).get(login);
            String pem = pem(got.chain());
            boolean installed = means.revisions().write(Actor.ACME, draft -> {
                try {
                    return means.certificates()
                            .install(
                                    draft,
                                    lease.certificateId(),
                                    lease.wanted(),
                                    pem,
                                    got.keys().getPrivate());
                } catch (TlsFault fault) {
                    throw new AcmeProtocolException("what the server gave: " + fault.getMessage());
                }
            });
            return installed ? CertificateEntity.renewAt(CertificateChain.parse(pem)) : null;
        } catch (AcmeLazyLoadingException e) {
            if (e.getCause() instanceof AcmeException cause) {
                means.accounts().judge(plan.issuer(), cause);
                throw cause;
            }
            throw e;
        } catch (AcmeException e) {
            means.accounts().judge(plan.issuer(), e);
            throw e;
        }
    }

    private static OrderFailed failure(AcmeException e) {
        Instant notBefore = e instanceof AcmeRateLimitedException limited
                ? limited.getRetryAfter().orElse(null)
                : null;
        boolean isOver = e instanceof AcmeServerException said
                && !(e instanceof AcmeRateLimitedException)
                && !said.getType().toString().equals(SERVER_INTERNAL);
        String words = e instanceof AcmeNetworkException ? "the server cannot be reached: " + Words.of(e) : Words.of(e);
        return new OrderFailed(words, isOver ? OrderFailed.End.DROP : OrderFailed.End.KEEP, notBefore);
    }

    private Outcome fail(String name, OrderFailed failure, Outcome outcome) {
        String words = String.valueOf(failure.getMessage());
        try {
            if (failure.end() == OrderFailed.End.DROP) {
                means.house().table().dropped(lease);
            }
            clear();
            Instant next =
                    Retry.at(means.house().clock().instant(), lease.attempts(), failure.notBefore(), means.random());
            if (!means.house().table().failed(lease, words, next)) {
                return Outcome.LEFT;
            }
            LOG.warnf("event=acme-attempt-failed name=%s next=%s reason=\"%s\"", name, next, words);
            return outcome;
        } catch (SQLException e) {
            LOG.warnf("event=acme-attempt-broken name=%s cause=%s", name, e.getMessage());
            return Outcome.LEFT;
        }
    }

    /** The library makes a failure of it, and forgets to say so to the thread. */
    private static boolean isInterruption(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    /** Gives the order to whoever comes next, which is nobody when it is wanted no more. */
    private Outcome leave() {
        // Nothing can be said to the database by an interrupted thread.
        boolean wasInterrupted = Thread.interrupted();
        try {
            means.house().table().released(lease);
        } catch (SQLException e) {
            LOG.debugf("event=acme-lease-kept cause=%s", e.getMessage());
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return Outcome.LEFT;
    }

    /** Ends the challenges, unless they are somebody else's by now; what is left over here is swept up later. */
    private void clear() throws SQLException {
        if (!means.house().table().renew(lease)) {
            return;
        }
        try {
            means.house().board().clear(lease.certificateId());
        } catch (RuntimeException e) {
            LOG.warnf("event=acme-challenges-left certificate=%s cause=%s", lease.certificateId(), e.getMessage());
        }
    }

    private static String pem(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        for (X509Certificate one : chain) {
            try {
                text.append("-----BEGIN CERTIFICATE-----\n")
                        .append(lines.encodeToString(one.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("what was read can be written", e);
            }
        }
        return text.toString();
    }
}
