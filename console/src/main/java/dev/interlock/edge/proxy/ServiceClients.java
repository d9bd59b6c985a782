package dev.interlock.edge.proxy;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.http.client.DefaultHttpClientConfiguration;
import io.micronaut.http.client.DefaultHttpClientConfiguration.DefaultConnectionPoolConfiguration;
import io.micronaut.http.client.RawHttpClient;
import io.micronaut.runtime.ApplicationConfiguration;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;
import java.util.concurrent.Executors;

/**
 * How the services are asked. Bytes in and bytes out: redirects, errors and compressed bodies are the caller's business.
 *
 * <p>Answers come by Micronaut's client, which shares the server's buffers. Streams of events come by the JDK's: when a browser goes
 * away, Micronaut's client reads on to the end of the body, which a stream does not have; the JDK's closes the connection.
 */
@Factory
final class ServiceClients {

    /** Tells it from the framework's own client, which follows redirects. */
    static final String SERVICES = "services";

    @Singleton
    @Named(SERVICES)
    @Bean(preDestroy = "close")
    RawHttpClient answers(ApplicationConfiguration application, Limits limits) {
        var configuration = new DefaultHttpClientConfiguration(new DefaultConnectionPoolConfiguration(), application);
        configuration.setConnectTimeout(limits.connect());
        configuration.setReadTimeout(limits.answer());
        configuration.setFollowRedirects(false);
        configuration.setExceptionOnErrorStatus(false);
        configuration.setDecompressionEnabled(false);
        return RawHttpClient.create(null, configuration);
    }

    /** Threads are needed only while there is something to pass on. */
    @Singleton
    @Named(SERVICES)
    @Bean(preDestroy = "shutdownNow")
    HttpClient streams(Limits limits) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limits.connect())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }
}
