package io.tollgate.controlplane.acme;

import io.tollgate.controlplane.catalog.acmechallenge.AcmeChallengeDraft;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.envelope.SealedKeyPair;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.challenge.TokenChallenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;

/**
 * One attempt at an order (RFC 8555, 7.4), from wherever it is: what has been done before, here or by a control plane that is no more, the
 * order's own status tells, so that every step may be done again. One thread.
 *
 * <p>Kept beside the server's word is only what it cannot give back: where the order is, and the key of its certificate.
 */
final class OrderRun {
    private static final Set<Status> READY = EnumSet.of(Status.READY, Status.PROCESSING, Status.VALID, Status.INVALID);
    private static final Set<Status> ENDED = EnumSet.of(Status.VALID, Status.INVALID);

    private final House house;
    private final Lease lease;
    private final OrderPlan plan;
    private final Patience patience;

    /** What all attempts work with. Immutable. */
    record House(OrderTable table, ChallengeBoard board, EnvelopeKey envelope, Clock clock) {}

    /**
     * What came out.
     *
     * @param chain the certificate, then its issuers
     */
    record Got(List<X509Certificate> chain, KeyPair keys) {}

    private record Opened(Order order, KeyPair keys) {}

    OrderRun(House house, Lease lease, OrderPlan plan) {
        this.house = house;
        this.lease = lease;
        this.plan = plan;
        this.patience = new Patience(house.clock());
    }

    Got get(Login login) throws AcmeException, OrderFailed, SQLException, InterruptedException {
        Opened opened = open(login);
        Order order = opened.order();
        if (order.getStatus() == Status.PENDING) {
            prove(order);
            patience.await(order, READY);
        }
        if (order.getStatus() == Status.READY) {
            order.execute(opened.keys());
        }
        if (order.getStatus() != Status.VALID) {
            patience.await(order, ENDED);
        }
        if (order.getStatus() != Status.VALID) {
            throw new OrderFailed(
                    order.getError().map(Words::of).orElse("the order became invalid"), OrderFailed.End.DROP);
        }
        return new Got(order.getCertificate().getCertificateChain(), opened.keys());
    }

    private Opened open(Login login) throws AcmeException, SQLException, OrderFailed {
        Opened known = reopen(login);
        if (known != null) {
            return known;
        }
        KeyPair keys = SealedKeyPair.generate(plan.acme().keyType());
        Order order = login.newOrder().domains(plan.acme().domains()).create();
        byte[] sealed = SealedKeyPair.seal(house.envelope(), lease.certificateId(), keys);
        if (!house.table()
                .opened(
                        lease,
                        order.getLocation().toString(),
                        sealed,
                        house.envelope().id())) {
            throw new OrderFailed("the lease was lost", OrderFailed.End.KEEP);
        }
        return new Opened(order, keys);
    }

    /** The order that an attempt before this one made; null when there is none, or it leads nowhere. */
    private @Nullable Opened reopen(Login login) throws AcmeException, SQLException {
        String url = lease.orderUrl();
        byte[] sealed = lease.privateKey();
        if (url == null || sealed == null) {
            return null;
        }
        Order order = login.bindOrder(Accounts.url(url));
        try {
            order.fetch();
        } catch (AcmeNetworkException e) {
            throw e;
        } catch (AcmeException e) {
            if (String.valueOf(e.getMessage()).startsWith("HTTP 5")) {
                throw e;
            }
            house.table().dropped(lease);
            return null;
        }
        if (order.getStatus() == Status.INVALID) {
            house.table().dropped(lease);
            return null;
        }
        try {
            return new Opened(order, SealedKeyPair.open(house.envelope(), lease.certificateId(), sealed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the key of the order of " + lease.certificateId() + " does not open with envelope key "
                            + house.envelope().id(),
                    e);
        }
    }

    private void prove(Order order) throws AcmeException, OrderFailed, InterruptedException {
        List<AcmeChallengeDraft> drafts = new ArrayList<>();
        List<Challenge> challenges = new ArrayList<>();
        List<Authorization> open = new ArrayList<>();
        for (Authorization authorization : order.getAuthorizations()) {
            if (authorization.getStatus() == Status.VALID) {
                continue;
            }
            TokenChallenge challenge = challenge(authorization);
            drafts.add(draft(authorization, challenge, drafts.size()));
            challenges.add(challenge);
            open.add(authorization);
        }
        house.board().put(lease.certificateId(), drafts);
        for (Challenge challenge : challenges) {
            if (challenge.getStatus() == Status.PENDING) {
                challenge.trigger();
            }
        }
        for (Authorization authorization : open) {
            patience.await(authorization, ENDED);
            if (authorization.getStatus() != Status.VALID) {
                throw new OrderFailed(domain(authorization) + ": " + reason(authorization), OrderFailed.End.DROP);
            }
        }
    }

    private TokenChallenge challenge(Authorization authorization) throws OrderFailed {
        String wanted = plan.acme().challenge();
        if (authorization.getStatus() == Status.PENDING) {
            for (Challenge one : authorization.getChallenges()) {
                if (one instanceof TokenChallenge token && one.getType().equals(wanted)) {
                    return token;
                }
            }
        }
        throw new OrderFailed(
                domain(authorization) + ": the server offers no " + wanted + " (authorization "
                        + authorization.getStatus() + ")",
                OrderFailed.End.DROP);
    }

    private AcmeChallengeDraft draft(Authorization authorization, TokenChallenge challenge, int index) {
        UUID id = lease.certificateId();
        return new AcmeChallengeDraft(
                "acme." + id + "." + index,
                challenge.getType(),
                challenge instanceof Http01Challenge http ? http.getToken() : null,
                challenge instanceof TlsAlpn01Challenge ? domain(authorization) : null,
                challenge.getAuthorization(),
                id,
                List.of());
    }

    private static String domain(Authorization authorization) {
        return authorization.getIdentifier().getDomain();
    }

    private static String reason(Authorization authorization) {
        return authorization.getChallenges().stream()
                .flatMap(challenge -> challenge.getError().stream())
                .map(Words::of)
                .findFirst()
                .orElse("the authorization became " + authorization.getStatus());
    }
}
