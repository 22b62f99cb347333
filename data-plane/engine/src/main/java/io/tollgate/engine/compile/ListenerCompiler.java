package io.tollgate.engine.compile;

import io.tollgate.engine.address.IpAddress;
import io.tollgate.engine.address.Network;
import io.tollgate.engine.listener.ForwardedHeader;
import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.engine.listener.ListenerTls;
import io.tollgate.proto.config.v1.Listener;
import io.tollgate.proto.config.v1.ListenerProtocol;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Listeners: checks them and makes {@link ListenerRules}. Compile thread only. */
final class ListenerCompiler {
    private static final int PORT_MAX = 65_535;
    private static final int TRUSTED_PROXIES_MAX = 100;

    void check(Listener listener, ObjectProblems problems) {
        NameText.check(listener.getName(), problems);
        if (IpAddress.parse(listener.getAddress()) == null) {
            problems.add("/address", listener.getAddress(), "an IP address");
        }
        problems.range("/port", listener.getPort(), 1, PORT_MAX);
        checkProtocols(listener, problems);
        BoundsCompiler.check(listener.getBounds(), problems);
        if (listener.hasTls()) {
            ListenerTlsCompiler.check(listener.getTls(), problems);
        }
        switch (listener.getForwardedHeader()) {
            case FORWARDED_HEADER_UNSPECIFIED, FORWARDED_HEADER_X_FORWARDED_FOR, FORWARDED_HEADER_FORWARDED -> {}
            default ->
                problems.add("/forwarded_header", listener.getForwardedHeaderValue(), "x-forwarded-for or forwarded");
        }
        if (listener.getTrustedProxiesCount() > TRUSTED_PROXIES_MAX) {
            problems.add(
                    "/trusted_proxies",
                    listener.getTrustedProxiesCount() + " networks",
                    "at most " + TRUSTED_PROXIES_MAX);
        }
        for (int i = 0; i < listener.getTrustedProxiesCount(); i++) {
            String text = listener.getTrustedProxies(i);
            if (Network.parse(text) == null) {
                problems.add("/trusted_proxies/" + i, text, "an address or a network such as 10.0.0.0/8");
            }
        }
    }

    private static void checkProtocols(Listener listener, ObjectProblems problems) {
        Set<ListenerProtocol> seen = EnumSet.noneOf(ListenerProtocol.class);
        for (int i = 0; i < listener.getProtocolsCount(); i++) {
            ListenerProtocol protocol = listener.getProtocols(i);
            switch (protocol) {
                case LISTENER_PROTOCOL_HTTP1, LISTENER_PROTOCOL_HTTP2 -> {
                    if (!seen.add(protocol)) {
                        problems.add("/protocols/" + i, word(protocol), "each once");
                    }
                }
                default -> problems.add("/protocols/" + i, listener.getProtocolsValue(i), "http1 or http2");
            }
        }
        if (listener.getProtocolsCount() == 0) {
            problems.add("/protocols", "none", "at least one of http1 and http2");
        }
    }

    private static String word(ListenerProtocol protocol) {
        return protocol == ListenerProtocol.LISTENER_PROTOCOL_HTTP1 ? "http1" : "http2";
    }

    /** The enabled listeners, by name; two that cannot listen at once are a problem of the one with the later name. */
    List<ListenerRules> compile(WireConfiguration wire, ListenerTlsCompiler tls, ProblemList list) {
        List<WireObject> objects = new ArrayList<>();
        for (String id : wire.ids(ObjectKind.OBJECT_KIND_LISTENER)) {
            WireObject object = wire.read(new ObjectKey(ObjectKind.OBJECT_KIND_LISTENER, id));
            if (((Listener) object.message()).getEnabled()) {
                objects.add(object);
            }
        }
        objects.sort((one, other) -> one.name().compareTo(other.name()));
        List<ListenerRules> all = new ArrayList<>(objects.size());
        for (WireObject object : objects) {
            ListenerRules rules = compile((Listener) object.message(), tls);
            ListenerTls shown = rules.tls();
            // Those that it names, or one of all, may be on their way: until then its handshakes fail.
            if (shown != null
                    && shown.certificates().all().isEmpty()
                    && wire.size(ObjectKind.OBJECT_KIND_CERTIFICATE) == 0) {
                new ObjectProblems(list, object).add("/tls/certificates", "none", "a certificate to show");
            }
            for (ListenerRules other : all) {
                if (rules.collidesWith(other)) {
                    new ObjectProblems(list, object)
                            .add(
                                    "/port",
                                    rules.address() + ":" + rules.port(),
                                    "an address and port that listener " + other.name() + " does not take");
                }
            }
            all.add(rules);
        }
        return List.copyOf(all);
    }

    private static ListenerRules compile(Listener listener, ListenerTlsCompiler tls) {
        List<Network> trusted = new ArrayList<>(listener.getTrustedProxiesCount());
        for (String text : listener.getTrustedProxiesList()) {
            Network network = Network.parse(text);
            if (network == null) {
                throw new IllegalStateException(text + " was checked");
            }
            trusted.add(network);
        }
        return new ListenerRules(
                listener.getId(),
                listener.getName(),
                listener.getAddress(),
                listener.getPort(),
                listener.getProtocolsList().contains(ListenerProtocol.LISTENER_PROTOCOL_HTTP1),
                listener.getProtocolsList().contains(ListenerProtocol.LISTENER_PROTOCOL_HTTP2),
                listener.getProxyProtocol(),
                trusted,
                switch (listener.getForwardedHeader()) {
                    case FORWARDED_HEADER_FORWARDED -> ForwardedHeader.FORWARDED;
                    default -> ForwardedHeader.X_FORWARDED_FOR;
                },
                BoundsCompiler.compile(listener.getBounds()),
                listener.hasTls() ? tls.compile(listener.getTls()) : null);
    }
}
