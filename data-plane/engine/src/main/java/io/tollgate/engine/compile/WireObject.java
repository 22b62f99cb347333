package io.tollgate.engine.compile;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.tollgate.proto.config.v1.AcmeChallenge;
import io.tollgate.proto.config.v1.Attachment;
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
import io.tollgate.proto.config.v1.UpstreamTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of the configuration, parsed, with what it refers to. Immutable.
 *
 * @param key what it is stored under
 * @param ownId the id that it says it has
 * @param name empty when its kind has none
 * @param message of the kind's type
 * @param references to other objects
 */
record WireObject(ObjectKey key, String ownId, String name, Message message, List<Reference> references) {
    /** Numbers from here on are cosmetic: a field that is not known may be kept and ignored. */
    private static final int COSMETIC_FROM = 1000;

    /**
     * That an object needs another one.
     *
     * @param target the other one
     * @param pointer where in the object, as the admin API shows it
     */
    record Reference(ObjectKey target, String pointer) {}

    static WireObject read(ObjectKey key, ByteString bytes) throws InvalidProtocolBufferException {
        List<Reference> references = new ArrayList<>(2);
        switch (key.kind()) {
            case OBJECT_KIND_SERVICE -> {
                Service service = Service.parseFrom(bytes);
                UpstreamTls tls = service.getTls();
                if (!tls.getTrustRootId().isEmpty()) {
                    refer(references, ObjectKind.OBJECT_KIND_TRUST_ROOT, tls.getTrustRootId(), "/tls/trust_root");
                }
                if (!tls.getClientCertificateId().isEmpty()) {
                    refer(
                            references,
                            ObjectKind.OBJECT_KIND_CERTIFICATE,
                            tls.getClientCertificateId(),
                            "/tls/client_certificate");
                }
                return new WireObject(key, service.getId(), service.getName(), service, references);
            }
            case OBJECT_KIND_ROUTE -> {
                Route route = Route.parseFrom(bytes);
                if (!route.getServiceId().isEmpty()) {
                    refer(references, ObjectKind.OBJECT_KIND_SERVICE, route.getServiceId(), "/service");
                }
                for (int i = 0; i < route.getSplit().getServicesCount(); i++) {
                    refer(
                            references,
                            ObjectKind.OBJECT_KIND_SERVICE,
                            route.getSplit().getServices(i).getServiceId(),
                            "/split/services/" + i + "/service");
                }
                if (route.hasMirror()) {
                    refer(
                            references,
                            ObjectKind.OBJECT_KIND_SERVICE,
                            route.getMirror().getServiceId(),
                            "/mirror/service");
                }
                return new WireObject(key, route.getId(), route.getName(), route, references);
            }
            case OBJECT_KIND_POLICY -> {
                Policy policy = Policy.parseFrom(bytes);
                references.add(place(policy.getAttachment()));
                for (int i = 0; i < policy.getJwt().getIssuerIdsCount(); i++) {
                    refer(
                            references,
                            ObjectKind.OBJECT_KIND_TOKEN_ISSUER,
                            policy.getJwt().getIssuerIds(i),
                            "/jwt/issuers/" + i);
                }
                if (policy.hasCallerIdentity()) {
                    refer(
                            references,
                            ObjectKind.OBJECT_KIND_TOKEN_ISSUER,
                            policy.getCallerIdentity().getIssuerId(),
                            "/caller_identity/issuer");
                }
                if (policy.hasIntrospection()) {
                    refer(
                            references,
                            ObjectKind.OBJECT_KIND_TOKEN_ISSUER,
                            policy.getIntrospection().getIssuerId(),
                            "/introspection/issuer");
                }
                if (policy.hasForwardAuth()) {
                    refer(
                            references,
                            ObjectKind.OBJECT_KIND_SERVICE,
                            policy.getForwardAuth().getServiceId(),
                            "/forward_auth/service");
                }
                return new WireObject(key, policy.getId(), policy.getName(), policy, references);
            }
            case OBJECT_KIND_PLAN -> {
                Plan plan = Plan.parseFrom(bytes);
                for (int i = 0; i < plan.getRouteIdsCount(); i++) {
                    refer(references, ObjectKind.OBJECT_KIND_ROUTE, plan.getRouteIds(i), "/routes/" + i);
                }
                for (int i = 0; i < plan.getServiceIdsCount(); i++) {
                    refer(references, ObjectKind.OBJECT_KIND_SERVICE, plan.getServiceIds(i), "/services/" + i);
                }
                return new WireObject(key, plan.getId(), plan.getName(), plan, references);
            }
            case OBJECT_KIND_CONSUMER -> {
                Consumer consumer = Consumer.parseFrom(bytes);
                return new WireObject(key, consumer.getId(), consumer.getName(), consumer, references);
            }
            case OBJECT_KIND_CREDENTIAL -> {
                Credential credential = Credential.parseFrom(bytes);
                refer(references, ObjectKind.OBJECT_KIND_CONSUMER, credential.getConsumerId(), "/consumer");
                if (credential.hasJwt()) {
                    refer(
                            references,
                            ObjectKind.OBJECT_KIND_TOKEN_ISSUER,
                            credential.getJwt().getIssuerId(),
                            "/jwt/issuer");
                }
                return new WireObject(key, credential.getId(), credential.getPrefix(), credential, references);
            }
            case OBJECT_KIND_SUBSCRIPTION -> {
                Subscription subscription = Subscription.parseFrom(bytes);
                refer(references, ObjectKind.OBJECT_KIND_CONSUMER, subscription.getConsumerId(), "/consumer");
                refer(references, ObjectKind.OBJECT_KIND_PLAN, subscription.getPlanId(), "/plan");
                return new WireObject(key, subscription.getId(), "", subscription, references);
            }
            case OBJECT_KIND_GATEWAY -> {
                return new WireObject(key, ObjectKey.GATEWAY_ID, "", Gateway.parseFrom(bytes), references);
            }
            case OBJECT_KIND_CERTIFICATE -> {
                Certificate certificate = Certificate.parseFrom(bytes);
                return new WireObject(key, certificate.getId(), certificate.getName(), certificate, references);
            }
            case OBJECT_KIND_TRUST_ROOT -> {
                TrustRoot root = TrustRoot.parseFrom(bytes);
                return new WireObject(key, root.getId(), root.getName(), root, references);
            }
            case OBJECT_KIND_ACME_CHALLENGE -> {
                AcmeChallenge challenge = AcmeChallenge.parseFrom(bytes);
                return new WireObject(key, challenge.getId(), challenge.getName(), challenge, references);
            }
            case OBJECT_KIND_TOKEN_ISSUER -> {
                TokenIssuer issuer = TokenIssuer.parseFrom(bytes);
                if (!issuer.getTrustRootId().isEmpty()) {
                    refer(references, ObjectKind.OBJECT_KIND_TRUST_ROOT, issuer.getTrustRootId(), "/trust_root");
                }
                return new WireObject(key, issuer.getId(), issuer.getName(), issuer, references);
            }
            case OBJECT_KIND_LISTENER -> {
                Listener listener = Listener.parseFrom(bytes);
                for (int i = 0; i < listener.getTls().getCertificateIdsCount(); i++) {
                    refer(
                            references,
                            ObjectKind.OBJECT_KIND_CERTIFICATE,
                            listener.getTls().getCertificateIds(i),
                            "/tls/certificates/" + i);
                }
                for (int i = 0; i < listener.getTls().getTrustRootIdsCount(); i++) {
                    refer(
                            references,
                            ObjectKind.OBJECT_KIND_TRUST_ROOT,
                            listener.getTls().getTrustRootIds(i),
                            "/tls/trust_roots/" + i);
                }
                return new WireObject(key, listener.getId(), listener.getName(), listener, references);
            }
            default -> throw new IllegalArgumentException(key.kind() + " has no message");
        }
    }

    /** Whether objects of this kind can be read. */
    static boolean isReadable(ObjectKind kind) {
        return kind != ObjectKind.OBJECT_KIND_UNSPECIFIED && kind != ObjectKind.UNRECOGNIZED;
    }

    /** What a change of this object affects beside itself: whose limits, grants or headers it decides. */
    @Nullable
    ObjectKey affects() {
        return switch (key.kind()) {
            case OBJECT_KIND_POLICY, OBJECT_KIND_SUBSCRIPTION ->
                references.get(0).target();
            default -> null;
        };
    }

    /** A field below 1000 that this build does not know, as "7 of Route"; null when there is none. */
    @Nullable
    String unknownField() {
        return unknownField(message);
    }

    private static @Nullable String unknownField(Message message) {
        for (int number : message.getUnknownFields().asMap().keySet()) {
            if (number < COSMETIC_FROM) {
                return number + " of " + message.getDescriptorForType().getName();
            }
        }
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            List<?> values = field.getValue() instanceof List<?> many ? many : List.of(field.getValue());
            for (Object value : values) {
                String unknown = unknownField((Message) value);
                if (unknown != null) {
                    return unknown;
                }
            }
        }
        return null;
    }

    private static Reference place(Attachment attachment) {
        String id = attachment.getObjectId();
        return switch (attachment.getKind()) {
            case ATTACHMENT_KIND_SERVICE ->
                new Reference(new ObjectKey(ObjectKind.OBJECT_KIND_SERVICE, id), "/attachment/service");
            case ATTACHMENT_KIND_ROUTE ->
                new Reference(new ObjectKey(ObjectKind.OBJECT_KIND_ROUTE, id), "/attachment/route");
            case ATTACHMENT_KIND_PLAN ->
                new Reference(new ObjectKey(ObjectKind.OBJECT_KIND_PLAN, id), "/attachment/plan");
            case ATTACHMENT_KIND_CONSUMER ->
                new Reference(new ObjectKey(ObjectKind.OBJECT_KIND_CONSUMER, id), "/attachment/consumer");
            // Global, and what is no place at all, which the rules refuse.
            default -> new Reference(ObjectKey.GATEWAY, "/attachment");
        };
    }

    private static void refer(List<Reference> references, ObjectKind kind, String id, String pointer) {
        references.add(new Reference(new ObjectKey(kind, id), pointer));
    }
}
