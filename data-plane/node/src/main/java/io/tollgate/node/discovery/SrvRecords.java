package io.tollgate.node.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.tollgate.engine.upstream.NamedInstance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Turns the SRV records of one answer (RFC 2782) into instances. Confined to whoever reads the answer. */
final class SrvRecords {
    /** Priority, weight and port. */
    private static final int FIXED_BYTES = 6;

    private static final int WEIGHT_MAX = 1000;

    private final List<Srv> records = new ArrayList<>();

    /** Reads the data of one record; one that is cut short is passed over. */
    void add(ByteBuf data) {
        if (data.readableBytes() <= FIXED_BYTES) {
            return;
        }
        int priority = data.readUnsignedShort();
        int weight = data.readUnsignedShort();
        int port = data.readUnsignedShort();
        String target = DefaultDnsRecordDecoder.decodeName(data);
        String host = target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
        // A target of "." says that the service is decidedly not there.
        if (!host.isEmpty() && port > 0) {
            records.add(new Srv(priority, weight, port, host));
        }
    }

    /** Those of the lowest priority; weights beyond the bound are scaled down, and none is left without any share. */
    List<NamedInstance> instances() {
        int lowest = Integer.MAX_VALUE;
        int heaviest = 1;
        for (Srv record : records) {
            lowest = Math.min(lowest, record.priority());
        }
        for (Srv record : records) {
            if (record.priority() == lowest) {
                heaviest = Math.max(heaviest, record.weight());
            }
        }
        List<NamedInstance> instances = new ArrayList<>();
        for (Srv record : records) {
            if (record.priority() == lowest) {
                int weight = heaviest <= WEIGHT_MAX ? record.weight() : record.weight() * WEIGHT_MAX / heaviest;
                instances.add(new NamedInstance(record.host(), record.port(), Math.max(1, weight)));
            }
        }
        instances.sort(Comparator.comparing(NamedInstance::host).thenComparingInt(NamedInstance::port));
        return instances;
    }

    private record Srv(int priority, int weight, int port, String host) {}
}
