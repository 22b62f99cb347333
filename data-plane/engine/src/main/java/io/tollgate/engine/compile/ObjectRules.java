package io.tollgate.engine.compile;

import io.tollgate.proto.config.v1.AcmeChallenge;
import io.tollgate.proto.config.v1.Certificate;
import io.tollgate.proto.config.v1.Consumer;
import io.tollgate.proto.config.v1.Credential;
import io.tollgate.proto.config.v1.Gateway;
import io.tollgate.proto.config.v1.Listener;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.Plan;
import io.tollgate.proto.config.v1.Policy;
import io.tollgate.proto.config.v1.Route;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.Subscription;
import io.tollgate.proto.config.v1.TokenIssuer;
import io.tollgate.proto.config.v1.TrustRoot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold of each object for itself, and of what it refers to. Compile thread only. */
final class ObjectRules {
    static final int SECRET_BYTES = 32;

    private final Rooms rooms;

    ObjectRules(Rooms rooms) {
        this.rooms = rooms;
    }

    /** The compilers of the rooms. Compile thread only. */
    record Rooms(
            UpstreamCompiler upstreams,
            RouteCompiler routes,
            PolicyCompiler policies,
            PlanCompiler plans,
            ConsumerCompiler consumers,
            CredentialCompiler credentials,
            CertificateCompiler certificates,
            ListenerCompiler listeners,
            AcmeChallengeCompiler acmeChallenges,
            TokenIssuerCompiler tokenIssuers) {}

    /**
     * Checks a touched object: when it is there, itself and what it refers to; when it is gone, that nobody refers to it
     * any more. With every touched object checked and all others accepted before, everything is.
     */
    void check(ObjectKey key, WireConfiguration wire, ProblemList list) {
        if (wire.find(key) != null) {
            checkPresent(wire.read(key), wire, list);
            if (key.kind() != ObjectKind.OBJECT_KIND_TOKEN_ISSUER) {
                return;
            }
            // How its tokens are checked decides who may refer to it.
        }
        List<ObjectKey> referrers = new ArrayList<>(wire.referrersTo(key));
        for (ObjectKey referrer : referrers) {
            checkReferences(wire.read(referrer), wire, list);
        }
    }

    private void checkPresent(WireObject object, WireConfiguration wire, ProblemList list) {
        ObjectProblems problems = new ObjectProblems(list, object);
        switch (object.key().kind()) {
            case OBJECT_KIND_SERVICE -> rooms.upstreams().check((Service) object.message(), problems);
            case OBJECT_KIND_ROUTE -> rooms.routes().check((Route) object.message(), problems);
            case OBJECT_KIND_POLICY -> rooms.policies().check((Policy) object.message(), problems);
            case OBJECT_KIND_PLAN -> rooms.plans().check((Plan) object.message(), problems);
            case OBJECT_KIND_CONSUMER -> rooms.consumers().check((Consumer) object.message(), problems);
            case OBJECT_KIND_CREDENTIAL -> rooms.credentials().check((Credential) object.message(), problems);
            case OBJECT_KIND_SUBSCRIPTION -> rooms.consumers().check((Subscription) object.message(), problems);
            case OBJECT_KIND_GATEWAY -> checkGateway(object, problems);
            case OBJECT_KIND_CERTIFICATE -> rooms.certificates().check((Certificate) object.message(), problems);
            case OBJECT_KIND_TRUST_ROOT -> rooms.certificates().check((TrustRoot) object.message(), problems);
            case OBJECT_KIND_ACME_CHALLENGE -> rooms.acmeChallenges().check((AcmeChallenge) object.message(), problems);
            case OBJECT_KIND_TOKEN_ISSUER -> rooms.tokenIssuers().check((TokenIssuer) object.message(), problems);
            case OBJECT_KIND_LISTENER -> rooms.listeners().check((Listener) object.message(), problems);
            default -> throw new IllegalStateException(object.key() + " cannot be stored");
        }
        checkReferences(object, wire, list);
    }

    private static void checkGateway(WireObject object, ObjectProblems problems) {
        if (!object.key().equals(ObjectKey.GATEWAY)) {
            problems.add("", "a second gateway", "only " + ObjectKey.GATEWAY_ID);
        }
        int bytes = ((Gateway) object.message()).getKeyDigestSecret().size();
        if (bytes != SECRET_BYTES) {
            problems.add("", "a secret of " + bytes + " bytes", SECRET_BYTES + " bytes");
        }
    }

    private static void checkReferences(WireObject object, WireConfiguration wire, ProblemList list) {
        for (WireObject.Reference reference : object.references()) {
            ObjectKey target = reference.target();
            if (object.key().kind() == ObjectKind.OBJECT_KIND_SERVICE
                    && target.kind() == ObjectKind.OBJECT_KIND_CERTIFICATE
                    && wire.find(target) != null
                    && CertificateCompiler.isAwaited(
                            (Certificate) wire.read(target).message())) {
                // A target that asks for one would get none, and nobody could tell why it refuses.
                new ObjectProblems(list, object)
                        .add(reference.pointer(), target.id(), "a certificate that is there already");
            }
            if (object.key().kind() == ObjectKind.OBJECT_KIND_POLICY
                    && target.kind() == ObjectKind.OBJECT_KIND_TOKEN_ISSUER
                    && wire.find(target) != null) {
                String unfit = unfit((Policy) object.message(), (TokenIssuer)
                        wire.read(target).message());
                if (unfit != null) {
                    new ObjectProblems(list, object).add(reference.pointer(), target.id(), unfit);
                }
            }
            if (object.key().kind() == ObjectKind.OBJECT_KIND_CREDENTIAL
                    && target.kind() == ObjectKind.OBJECT_KIND_TOKEN_ISSUER
                    && wire.find(target) != null
                    && ((TokenIssuer) wire.read(target).message()).hasAuthorizationServer()) {
                // Its tokens prove whose key they were issued for, and nobody else.
                new ObjectProblems(list, object)
                        .add(reference.pointer(), target.id(), "an issuer whose tokens nodes do not issue");
            }
            // A missing gateway is one problem of its own.
            if (!reference.target().equals(ObjectKey.GATEWAY) && wire.find(reference.target()) == null) {
                new ObjectProblems(list, object)
                        .add(
                                reference.pointer(),
                                reference.target().id(),
                                "the id of a " + word(reference.target()) + " that exists");
            }
        }
    }

    /** What kind of issuer this policy wants; null when this one is of that kind. */
    private static @Nullable String unfit(Policy policy, TokenIssuer issuer) {
        if (policy.hasCallerIdentity()) {
            return issuer.hasAuthorizationServer() ? null : "an issuer with authorization_server";
        }
        if (policy.hasIntrospection()) {
            return issuer.hasIntrospection() ? null : "an issuer with introspection";
        }
        return issuer.hasIntrospection() ? "an issuer with keys" : null;
    }

    private static String word(ObjectKey key) {
        return key.kind()
                .name()
                .substring("OBJECT_KIND_".length())
                .toLowerCase(java.util.Locale.ROOT)
                .replace('_', ' ');
    }
}
