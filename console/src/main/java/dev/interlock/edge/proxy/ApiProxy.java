package dev.interlock.edge.proxy;

import dev.interlock.edge.session.PublicAddress;
import dev.interlock.edge.session.Sessions;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.Problems;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.ByteBodyHttpResponse;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.client.RawHttpClient;
import io.micronaut.http.client.exceptions.ReadTimeoutException;
import io.micronaut.http.exceptions.BufferLengthExceededException;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import io.micronaut.http.filter.ServerFilterPhase;
import io.micronaut.http.server.HttpServerConfiguration;
import jakarta.inject.Named;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Passes {@code /api/<domain>/**} on to the service of the domain, and its answer back: any method, bodies as they come, no thread
 * waits. Stands before authentication: who may do what is decided by the service, which checks each token.
 */
@ServerFilter("/api/**")
class ApiProxy implements Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(ApiProxy.class);

    private final ServiceAddresses services;
    private final Limits limits;
    private final RawHttpClient answers;
    private final EventStreams eventStreams;
    private final Streams streams;
    private final Sessions sessions;
    private final PublicAddress address;
    private final MeterRegistry meters;
    private final long maxRequestSize;

    ApiProxy(
            ServiceAddresses services,
            Limits limits,
            @Named(ServiceClients.SERVICES) RawHttpClient answers,
            EventStreams eventStreams,
            Streams streams,
            Sessions sessions,
            PublicAddress address,
            MeterRegistry meters,
            HttpServerConfiguration server) {
        this.services = services;
        this.limits = limits;
        this.answers = answers;
        this.eventStreams = eventStreams;
        this.streams = streams;
        this.sessions = sessions;
        this.address = address;
        this.meters = meters;
        this.maxRequestSize = server.getMaxRequestSize();
    }

    @Override
    public int getOrder() {
        return ServerFilterPhase.SECURITY.before();
    }

    @RequestFilter
    Publisher<? extends HttpResponse<?>> pass(HttpRequest<?> request) {
        var destination = Destination.of(request.getUri());
        if (destination.isEmpty()) {
            return Mono.just(Problems.answer(
                    request,
                    Problem.of("no-such-path", 404, "There is no such path")
                            .detail("Nothing is served at " + request.getPath() + ".")
                            .next("The APIs are at /api/inventory, /api/licenses, /api/upgrades and /api/agents.")));
        }
        var shown = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
        if (shown != null) {
            return relay(request, destination.get(), shown, shown);
        }
        return sessions.current(request)
                .flatMap(current -> relay(
                                request,
                                destination.get(),
                                "Bearer " + current.session().token(),
                                current.session().id())
                        .doOnNext(answer -> current.renewed().forEach(answer::cookie)))
                .switchIfEmpty(Mono.fromSupplier(() -> signedOut(request)));
    }

    private MutableHttpResponse<?> signedOut(HttpRequest<?> request) {
        boolean over = sessions.isShown(request);
        var answer = Problems.answer(
                        request,
                        Problem.of("unauthenticated", 401, "A valid token is needed")
                                .detail(over ? "The session has ended." : "There is no token and no session.")
                                .next("Sign in at the console, or send Authorization: Bearer <token>."))
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        sessions.end(request).forEach(answer::cookie);
        return answer;
    }

    private Mono<MutableHttpResponse<?>> relay(
            HttpRequest<?> request, Destination destination, String authorization, String session) {
        var service = services.of(destination.domain());
        boolean stream =
                request.getMethod() == HttpMethod.GET && request.accept().contains(MediaType.TEXT_EVENT_STREAM_TYPE);
        var inward = HttpRequest.create(
                HttpMethod.parse(request.getMethodName()),
                destination.at(service).toString(),
                request.getMethodName());
        PassedHeaders.inward(request, inward.getHeaders(), destination.domain(), address, stream);
        inward.getHeaders().set(HttpHeaders.AUTHORIZATION, authorization);
        var timer = Timer.start(meters);
        return (stream ? eventStreams.open(inward) : ask(request, inward))
                .timeout(limits.answer())
                .<MutableHttpResponse<?>>map(answer -> outward(request, destination.domain(), answer, session))
                .onErrorResume(thrown -> Mono.just(Problems.answer(request, problem(destination.domain(), thrown))))
                .doOnNext(answer -> timer.stop(meters.timer(
                        "interlock.edge.requests",
                        "service",
                        destination.domain().service(),
                        "status",
                        Integer.toString(answer.code()))));
    }

    /** Fails also when the caller's body does, as one that grows too large: the service would wait for its rest. */
    private Mono<ServiceAnswer> ask(HttpRequest<?> request, HttpRequest<?> inward) {
        if (!(request instanceof ServerHttpRequest<?> server)) {
            throw new IllegalStateException("a request without its bytes: " + request.getClass());
        }
        var body = server.byteBody().move();
        var length = body.expectedLength();
        if (length.orElse(1) == 0) {
            return Mono.from(answers.exchange(inward, body, null)).map(Answered::new);
        }
        if (length.orElse(0) > maxRequestSize) {
            body.close();
            return Mono.error(new ContentLengthExceededException(maxRequestSize, length.orElse(0)));
        }
        var broken = Sinks.<HttpResponse<?>>one();
        var watched = server.byteBodyFactory()
                .adapt(Flux.from(body.toReadBufferPublisher()).doOnError(broken::tryEmitError), length);
        return Mono.firstWithSignal(Mono.from(answers.exchange(inward, watched, null)), broken.asMono())
                .map(Answered::new);
    }

    private record Answered(HttpResponse<?> answer, CloseableByteBody bytes) implements ServiceAnswer {

        Answered(HttpResponse<?> answer) {
            this(answer, ((ByteBodyHttpResponse<?>) answer).byteBody().move());
        }

        @Override
        public int status() {
            return answer.code();
        }

        @Override
        public Map<String, List<String>> headers() {
            return answer.getHeaders().asMap();
        }

        @Override
        public CloseableByteBody body(ByteBodyFactory bodies, Runnable atEnd) {
            return bytes;
        }

        @Override
        public void discard() {
            bytes.close();
        }
    }

    private MutableHttpResponse<?> outward(
            HttpRequest<?> request, Domain domain, ServiceAnswer answer, String session) {
        if (!answer.header(HttpHeaders.CONTENT_TYPE).startsWith(MediaType.TEXT_EVENT_STREAM)) {
            return head(domain, answer).body(new Relayed(bodies -> answer.body(bodies, () -> {})));
        }
        return switch (streams.take(session)) {
            case Streams.Outcome.TooMany(int most, boolean ofThisSession) -> {
                answer.discard();
                yield tooMany(request, most, ofThisSession);
            }
            case Streams.Outcome.Taken(Runnable giveBack) -> {
                var head = head(domain, answer);
                head.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-store");
                yield head.body(new Relayed(bodies -> answer.body(bodies, giveBack)));
            }
        };
    }

    private MutableHttpResponse<Object> head(Domain domain, ServiceAnswer answer) {
        var head = HttpResponse.status(answer.status(), reason(answer.status()));
        PassedHeaders.outward(answer.headers(), head.getHeaders(), domain, services.of(domain));
        return head;
    }

    private static String reason(int status) {
        try {
            return HttpStatus.valueOf(status).getReason();
        } catch (IllegalArgumentException ofTheServiceAlone) {
            return "Status " + status;
        }
    }

    private static MutableHttpResponse<?> tooMany(HttpRequest<?> request, int most, boolean ofThisSession) {
        return Problems.answer(
                        request,
                        Problem.of("too-many-streams", 429, "Too many streams are open")
                                .detail(
                                        ofThisSession
                                                ? "This session has " + most
                                                        + " streams of events open, the most there may be."
                                                : "All " + most + " streams of events that the edge serves are taken.")
                                .next("Close pages of the console that you do not need, then try again.")
                                .with("limit", most))
                .header(HttpHeaders.RETRY_AFTER, "5");
    }

    private Problem problem(Domain domain, Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            switch (at) {
                case ContentLengthExceededException tooLong -> {
                    return tooLarge();
                }
                case BufferLengthExceededException tooLong -> {
                    return tooLarge();
                }
                case ConnectException refused -> {
                    return unavailable(domain, 503, "does not answer at " + services.of(domain), thrown);
                }
                case UnknownHostException unknown -> {
                    return unavailable(
                            domain, 503, "has an address that cannot be resolved, " + services.of(domain), thrown);
                }
                case UnresolvedAddressException unknown -> {
                    return unavailable(
                            domain, 503, "has an address that cannot be resolved, " + services.of(domain), thrown);
                }
                case TimeoutException late -> {
                    return unavailable(
                            domain,
                            504,
                            "did not answer within " + limits.answer().toSeconds() + " s",
                            thrown);
                }
                case ReadTimeoutException late -> {
                    return unavailable(
                            domain,
                            504,
                            "did not answer within " + limits.answer().toSeconds() + " s",
                            thrown);
                }
                default -> {}
            }
        }
        return unavailable(domain, 502, "broke off before its answer was there", thrown);
    }

    private static Problem unavailable(Domain domain, int status, String what, Throwable thrown) {
        LOG.warn("{} {}: {}", domain.service(), what, thrown.toString());
        return Problem.of("service-unavailable", status, "A service is not available")
                .detail(domain.service() + " " + what + ".")
                .next(
                        "Try again in a few seconds. If it stays, look at its log, and with ./interlock status whether it runs.")
                .with("service", domain.service());
    }

    private static Problem tooLarge() {
        return Problem.of("too-large", 413, "The request is too large")
                .detail("The body has more bytes than the edge passes on.")
                .next("Send it in several requests.");
    }
}
