package io.tollgate.node.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.tollgate.engine.upstream.NamedInstance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Asks name servers for records with their time to live, without a cache of its own. Confined to the event loop it was
 * made for.
 */
public final class DnsClient implements DnsLookup {
    /** How long one server may take; then the next one is asked. */
    static final long QUERY_MILLIS_MAX = 2_000;
    /** Queries that one question may cost: every server some times, aliases included. */
    private static final int QUERIES_MAX = 8;

    private final DnsNameResolver resolver;

    /** @param servers asked in this order; none: those of the operating system */
    public DnsClient(VertxInternal vertx, EventLoop loop, List<InetSocketAddress> servers) {
        resolver = new DnsNameResolverBuilder(loop)
                .datagramChannelFactory(() -> vertx.transport().datagramChannel())
                .socketChannelFactory(() ->
                        (SocketChannel) vertx.transport().channelFactory(false).newChannel())
                .nameServerProvider(
                        servers.isEmpty()
                                ? DnsServerAddressStreamProviders.platformDefault()
                                : new SequentialDnsServerAddressStreamProvider(servers))
                .queryTimeoutMillis(QUERY_MILLIS_MAX)
                .maxQueriesPerResolve(QUERIES_MAX)
                .build();
    }

    @Override
    public Future<DnsAnswer> addresses(String name, AddressFamily family) {
        DnsRecordType type = family == AddressFamily.IPV4 ? DnsRecordType.A : DnsRecordType.AAAA;
        return ask(name, type).map(DnsClient::addresses);
    }

    @Override
    public Future<DnsAnswer> services(String name) {
        return ask(name, DnsRecordType.SRV).map(DnsClient::services);
    }

    /** Ends its sockets. */
    public void close() {
        resolver.close();
    }

    private Future<List<DnsRecord>> ask(String name, DnsRecordType type) {
        Promise<List<DnsRecord>> promise = Promise.promise();
        DefaultDnsQuestion question;
        try {
            question = new DefaultDnsQuestion(name, type);
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        io.netty.util.concurrent.Future<List<DnsRecord>> asked = resolver.resolveAll(question);
        asked.addListener(done -> {
            if (asked.isSuccess()) {
                promise.complete(asked.getNow());
            } else if (isAnswerOfNothing(asked.cause())) {
                promise.complete(List.of());
            } else {
                promise.fail(asked.cause());
            }
        });
        return promise.future();
    }

    // The resolver tells "there is none" and "nobody answered" by the same exception; only the cause differs.
    private static boolean isAnswerOfNothing(Throwable failure) {
        if (!(failure instanceof UnknownHostException)) {
            return false;
        }
        Throwable cause = failure.getCause();
        return cause == null
                || (cause instanceof DnsErrorCauseException error && DnsResponseCode.NXDOMAIN.equals(error.getCode()));
    }

    private static DnsAnswer addresses(List<DnsRecord> records) {
        long ttlSeconds = Long.MAX_VALUE;
        List<NamedInstance> instances = new ArrayList<>(records.size());
        for (DnsRecord record : records) {
            ttlSeconds = Math.min(ttlSeconds, record.timeToLive());
            if (record instanceof DnsRawRecord raw) {
                instances.add(new NamedInstance(address(raw.content()), 0, 0));
            }
            ReferenceCountUtil.release(record);
        }
        instances.sort(Comparator.comparing(NamedInstance::host));
        return instances.isEmpty() ? DnsAnswer.EMPTY : new DnsAnswer(instances, ttlSeconds);
    }

    private static DnsAnswer services(List<DnsRecord> records) {
        long ttlSeconds = Long.MAX_VALUE;
        SrvRecords services = new SrvRecords();
        for (DnsRecord record : records) {
            ttlSeconds = Math.min(ttlSeconds, record.timeToLive());
            if (record instanceof DnsRawRecord raw) {
                services.add(raw.content());
            }
            ReferenceCountUtil.release(record);
        }
        List<NamedInstance> instances = services.instances();
        return instances.isEmpty() ? DnsAnswer.EMPTY : new DnsAnswer(instances, ttlSeconds);
    }

    private static String address(ByteBuf data) {
        byte[] bytes = new byte[data.readableBytes()];
        data.readBytes(bytes);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address record of " + bytes.length + " bytes", e);
        }
    }
}
