package dev.interlock.edge.proxy;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.MediaType;
import io.micronaut.http.server.netty.HttpCompressionStrategy;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import jakarta.inject.Singleton;

/** Compresses text that nobody has compressed, except events: they would wait in the compressor until it has enough of them. */
@Singleton
@Replaces(HttpCompressionStrategy.class)
final class EventsStayPlain implements HttpCompressionStrategy {

    private final NettyHttpServerConfiguration server;

    EventsStayPlain(NettyHttpServerConfiguration server) {
        this.server = server;
    }

    @Override
    public boolean shouldCompress(HttpResponse response) {
        var headers = response.headers();
        var type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        var length = headers.getInt(HttpHeaderNames.CONTENT_LENGTH);
        return type != null
                && !headers.contains(HttpHeaderNames.CONTENT_ENCODING)
                && !type.startsWith(MediaType.TEXT_EVENT_STREAM)
                && MediaType.isTextBased(type)
                && (length == null || length >= server.getCompressionThreshold());
    }

    @Override
    public int getMaxZstdEncodeSize() {
        return server.getMaxZstdEncodeSize();
    }
}
