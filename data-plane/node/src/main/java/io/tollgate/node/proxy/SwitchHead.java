package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.MultiMap;
import java.util.Iterator;
import java.util.Map;

/** Writes the head of a 101 for the client: from here on nothing on its connection is HTTP. Event-loop confined. */
final class SwitchHead {
    private final HeadWriter writer = new HeadWriter();

    /** The head with these fields, which were checked when they were added. */
    ByteBuf write(MultiMap headers) {
        writer.beginSwitch();
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = ((HttpHeaders) headers).iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            writer.copy(field.getKey(), field.getValue());
        }
        writer.upgrade();
        writer.endLine();
        return writer.toBuffer(UnpooledByteBufAllocator.DEFAULT);
    }
}
