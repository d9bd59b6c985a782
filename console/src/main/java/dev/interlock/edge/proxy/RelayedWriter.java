package dev.interlock.edge.proxy;

import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import io.micronaut.http.codec.CodecException;
import jakarta.inject.Singleton;
import java.io.OutputStream;

/** Takes part in the framework's writing of bodies, so that filters see an ordinary answer. */
@Singleton
final class RelayedWriter implements ResponseBodyWriter<Relayed> {

    @Override
    public CloseableByteBody writePiece(
            ByteBodyFactory bodies,
            HttpRequest<?> request,
            HttpResponse<?> response,
            Argument<Relayed> type,
            MediaType mediaType,
            Relayed relayed) {
        return relayed.body().apply(bodies);
    }

    @Override
    public void writeTo(
            Argument<Relayed> type, MediaType mediaType, Relayed relayed, MutableHeaders outgoing, OutputStream out) {
        throw new CodecException("a relayed body is passed on piece by piece");
    }
}
