package dev.interlock.edge.proxy;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.http.client.DefaultHttpClientConfiguration;
import io.micronaut.http.client.DefaultHttpClientConfiguration.DefaultConnectionPoolConfiguration;
import io.micronaut.http.client.RawHttpClient;
import io.micronaut.runtime.ApplicationConfiguration;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Two clients on Netty, bytes in and bytes out: what is right for an answer is wrong for a stream that may be silent for hours. */
@Factory
final class ServiceClients {

    static final String ANSWERS = "answers";
    static final String STREAMS = "streams";

    @Singleton
    @Named(ANSWERS)
    @Bean(preDestroy = "close")
    RawHttpClient answers(ApplicationConfiguration application, Limits limits) {
        var configuration = passive(application, limits);
        configuration.setReadTimeout(limits.answer());
        return RawHttpClient.create(null, configuration);
    }

    @Singleton
    @Named(STREAMS)
    @Bean(preDestroy = "close")
    RawHttpClient streams(ApplicationConfiguration application, Limits limits) {
        var configuration = passive(application, limits);
        configuration.setReadTimeout(Duration.ZERO);
        configuration.setReadIdleTimeout(Duration.ZERO);
        configuration.getConnectionPoolConfiguration().setMaxConcurrentHttp1Connections(Integer.MAX_VALUE);
        return RawHttpClient.create(null, configuration);
    }

    /** Hands on what it gets: redirects, errors and compressed bodies are the caller's business. */
    private static DefaultHttpClientConfiguration passive(ApplicationConfiguration application, Limits limits) {
        var configuration = new DefaultHttpClientConfiguration(new DefaultConnectionPoolConfiguration(), application);
        configuration.setConnectTimeout(limits.connect());
        configuration.setFollowRedirects(false);
        configuration.setExceptionOnErrorStatus(false);
        configuration.setDecompressionEnabled(false);
        return configuration;
    }
}
