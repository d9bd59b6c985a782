package dev.interlock.platform.messaging;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.stream.Collectors.toSet;

import dev.interlock.contracts.Channel;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics of the product that are not there, before any listener asks for them, and checks that those this service
 * writes to are as they must be. If no broker answers in time the service starts without, and this goes on in the background.
 */
@Context
@Requires(beans = KafkaClients.class)
@Requires(property = "interlock.service")
public final class Topics {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KafkaClients kafka;
    private final TopicSettings settings;
    private final String service;
    private final Duration wait;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    Topics(
            KafkaClients kafka,
            TopicSettings settings,
            @Property(name = "interlock.service") String service,
            @Property(name = "interlock.start.kafka-wait", defaultValue = "20s") Duration wait) {
        this.kafka = kafka;
        this.settings = settings;
        this.service = service;
        this.wait = wait;
    }

    @PostConstruct
    void start() throws InterruptedException {
        Thread.ofVirtual().name("topics").start(this::ensureInTheEnd);
        if (!awaitReady(wait)) {
            LOG.warn("starting without Kafka: no broker has answered within {} s; going on trying", wait.toSeconds());
        }
    }

    /** Waits until the topics are there. */
    public boolean awaitReady(Duration atMost) throws InterruptedException {
        return ready.await(atMost.toNanos(), NANOSECONDS);
    }

    /**
     * Makes a topic unless it is there.
     *
     * @throws KafkaException if that fails
     */
    void ensure(String topic, Map<String, String> configs, int partitions) {
        create(List.of(new NewTopic(topic, partitions, settings.replicationFactor()).configs(configs)));
    }

    private void ensureInTheEnd() {
        boolean told = false;
        while (stopped.getCount() > 0) {
            try {
                var missing = missing();
                if (settings.create() && !missing.isEmpty()) {
                    create(missing.stream().map(this::topic).toList());
                }
                verify();
                ready.countDown();
                return;
            } catch (KafkaException e) {
                if (!told) {
                    LOG.warn("cannot look after the topics yet: {}", e.getMessage());
                    told = true;
                }
            }
            try {
                if (stopped.await(PAUSE.toNanos(), NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private List<Channel> missing() {
        Set<String> there = get(kafka.admin().listTopics().names());
        return Arrays.stream(Channel.values())
                .filter(channel -> !there.contains(channel.topic()))
                .toList();
    }

    private NewTopic topic(Channel channel) {
        var topic = new NewTopic(channel.topic(), settings.partitions(), settings.replicationFactor());
        return topic.configs(
                channel.compacted()
                        ? Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)
                        : Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.RETENTION_MS_CONFIG,
                                Long.toString(settings.retention().toMillis())));
    }

    private void create(List<NewTopic> topics) {
        var results = kafka.admin().createTopics(topics).values();
        for (var topic : topics) {
            try {
                get(Objects.requireNonNull(results.get(topic.name())));
                LOG.info("made topic {} with {} partitions", topic.name(), topic.numPartitions());
            } catch (TopicExistsException e) {
                LOG.debug("another service has just made {}", topic.name());
            } catch (AuthorizationException e) {
                // its publisher may, or an administrator
                LOG.warn("may not make topic {}: {}", topic.name(), e.getMessage());
            }
        }
    }

    /** A publisher must not start on a topic that would lose what it promises to keep. */
    private void verify() {
        var own = Arrays.stream(Channel.values())
                .filter(channel -> channel.domain().equals(service))
                .toList();
        if (own.isEmpty()) {
            return;
        }
        var resources = own.stream()
                .map(channel -> new ConfigResource(ConfigResource.Type.TOPIC, channel.topic()))
                .collect(toSet());
        var wrong = new ArrayList<String>();
        get(kafka.admin().describeConfigs(resources).all()).forEach((resource, config) -> {
            boolean compacted =
                    config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().contains(TopicConfig.CLEANUP_POLICY_COMPACT);
            boolean wanted =
                    own.stream().anyMatch(channel -> channel.topic().equals(resource.name()) && channel.compacted());
            if (compacted != wanted) {
                wrong.add(resource.name() + (wanted ? " must be compacted" : " must not be compacted"));
            }
        });
        if (!wrong.isEmpty()) {
            LOG.error(
                    "topic {}: set cleanup.policy with kafka-configs.sh; nothing is published until then",
                    String.join(", ", wrong));
            throw new KafkaException(String.join(", ", wrong));
        }
    }

    static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e);
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("no answer within 10 s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }

    @PreDestroy
    void stop() {
        stopped.countDown();
    }
}
