package io.tollgate.bench.engine;

import com.google.protobuf.ByteString;
import io.tollgate.engine.compile.CompileResult;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.compile.ConfigurationCompiler;
import io.tollgate.engine.compile.WireConfiguration;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Consumer;
import io.tollgate.proto.config.v1.Credential;
import io.tollgate.proto.config.v1.Gateway;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** What API keys take of a node's heap: as bytes that travel, and as what a call asks for. Main thread only. */
public final class KeyMemory {
    private static final int KEYS = 1_000_000;
    private static final int BATCH = 10_000;
    private static final int SEED = 4711;
    private static final String CONSUMER = id(5, 0);

    private KeyMemory() {}

    public static void run() {
        WireConfiguration wire = new WireConfiguration();
        wire.apply(List.of(
                put(
                        ObjectKind.OBJECT_KIND_GATEWAY,
                        id(0, 0),
                        Gateway.newBuilder()
                                .setKeyDigestSecret(ByteString.copyFrom(new byte[32]))
                                .build()
                                .toByteString()),
                put(
                        ObjectKind.OBJECT_KIND_CONSUMER,
                        CONSUMER,
                        Consumer.newBuilder()
                                .setId(CONSUMER)
                                .setName("c")
                                .setEnabled(true)
                                .build()
                                .toByteString())));
        Random random = new Random(SEED);
        long before = used();
        for (int at = 0; at < KEYS; at += BATCH) {
            List<Change> changes = new ArrayList<>(BATCH);
            for (int i = at; i < at + BATCH; i++) {
                changes.add(key(i, random));
            }
            wire.apply(changes);
        }
        long withWire = used();
        CompileResult result = new ConfigurationCompiler(new CounterTable(), new TargetTable()).compile(wire, 1, null);
        CompiledConfiguration compiled = ((CompileResult.Compiled) result).configuration();
        long withCompiled = used();
        System.out.printf(
                "keys=%d bytes_that_travel=%.1f MB compiled=%.1f MB (%.0f bytes a key)%n",
                compiled.credentials().size(),
                (withWire - before) / 1e6,
                (withCompiled - withWire) / 1e6,
                (withCompiled - withWire) / (double) KEYS);
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        // Until a collection finds nothing more.
        for (int i = 0; i < 5; i++) {
            runtime.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }

    private static Change key(int number, Random random) {
        byte[] digest = new byte[32];
        random.nextBytes(digest);
        return put(
                ObjectKind.OBJECT_KIND_CREDENTIAL,
                id(6, number),
                Credential.newBuilder()
                        .setId(id(6, number))
                        .setConsumerId(CONSUMER)
                        .setDigest(ByteString.copyFrom(digest))
                        .setPrefix("tg_live_Zk3q")
                        .build()
                        .toByteString());
    }

    private static String id(int kind, int number) {
        return new UUID(kind, number).toString();
    }

    private static Change put(ObjectKind kind, String id, ByteString object) {
        return Change.newBuilder().setKind(kind).setId(id).setObject(object).build();
    }
}
