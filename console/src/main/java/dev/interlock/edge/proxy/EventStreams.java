package dev.interlock.edge.proxy;

import io.micronaut.core.io.buffer.ReadBuffer;
import io.micronaut.http.MutableHttpRequest;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Opens streams of events. Nothing ends one but the service, or the browser that goes away. */
@Singleton
class EventStreams {

    private final HttpClient client;

    EventStreams(@Named(ServiceClients.SERVICES) HttpClient client) {
        this.client = client;
    }

    /** Cancelling before the answer is there closes the connection, too. */
    Mono<ServiceAnswer> open(MutableHttpRequest<?> request) {
        return Mono.defer(() ->
                        Mono.fromFuture(client.sendAsync(inJdk(request), HttpResponse.BodyHandlers.ofPublisher())))
                .map(answer -> new Opened(answer));
    }

    private static HttpRequest inJdk(MutableHttpRequest<?> request) {
        var builder = HttpRequest.newBuilder(request.getUri())
                .method(request.getMethodName(), HttpRequest.BodyPublishers.noBody());
        request.getHeaders().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        return builder.build();
    }

    private record Opened(HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer) implements ServiceAnswer {

        @Override
        public int status() {
            return answer.statusCode();
        }

        @Override
        public Map<String, List<String>> headers() {
            return answer.headers().map();
        }

        @Override
        public CloseableByteBody body(ByteBodyFactory bodies, Runnable atEnd) {
            return bodies.adapt(pieces(bodies).doFinally(signal -> atEnd.run()));
        }

        private Flux<ReadBuffer> pieces(ByteBodyFactory bodies) {
            return JdkFlowAdapter.flowPublisherToFlux(answer.body())
                    .map(buffers -> bodies.readBufferFactory()
                            .compose(buffers.stream()
                                    .map(bodies.readBufferFactory()::copyOf)
                                    .toList()));
        }

        @Override
        public void discard() {
            JdkFlowAdapter.flowPublisherToFlux(answer.body()).take(0).subscribe();
        }
    }
}
