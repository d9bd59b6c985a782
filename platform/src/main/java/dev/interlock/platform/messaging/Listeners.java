package dev.interlock.platform.messaging;

import dev.interlock.platform.service.StartFailure;
import io.micronaut.configuration.kafka.annotation.ErrorStrategy;
import io.micronaut.configuration.kafka.annotation.ErrorStrategyValue;
import io.micronaut.configuration.kafka.annotation.KafkaListener;
import io.micronaut.configuration.kafka.annotation.OffsetReset;
import io.micronaut.configuration.kafka.annotation.OffsetStrategy;
import io.micronaut.configuration.kafka.annotation.Topic;
import io.micronaut.context.BeanContext;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.annotation.AnnotationValue;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.ExecutableMethod;
import io.micronaut.inject.qualifiers.Qualifiers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The listeners of this service. Those that micronaut-kafka would let skip a record keep the service from starting; this is
 * made before any of them runs.
 */
@Context
public final class Listeners {

    /** A method that takes the records of a topic for a consumer group. */
    record Listener(String group, String topic, BeanDefinition<?> bean, ExecutableMethod<?, ?> method) {}

    private final BeanContext beans;
    private final List<Listener> all = new ArrayList<>();

    Listeners(BeanContext beans) {
        this.beans = beans;
        for (var bean : beans.getBeanDefinitions(Qualifiers.byStereotype(KafkaListener.class))) {
            for (var method : bean.getExecutableMethods()) {
                var listener = method.getAnnotation(KafkaListener.class);
                var topics = topics(method.getDeclaredAnnotationValuesByType(Topic.class));
                if (topics.isEmpty()) {
                    topics = topics(bean.getDeclaredAnnotationValuesByType(Topic.class));
                }
                if (listener == null || topics.isEmpty()) {
                    continue;
                }
                refuseIfItCouldSkip(listener, method);
                var group = listener.stringValue("groupId").orElse("");
                topics.forEach(topic -> all.add(new Listener(group, topic, bean, method)));
            }
        }
    }

    private static List<String> topics(List<AnnotationValue<Topic>> annotations) {
        return annotations.stream()
                .flatMap(each -> Arrays.stream(each.stringValues()))
                .toList();
    }

    Set<String> groups() {
        return all.stream().map(Listener::group).collect(Collectors.toUnmodifiableSet());
    }

    Optional<Listener> of(String group, String topic) {
        return all.stream()
                .filter(each -> each.group().equals(group) && each.topic().equals(topic))
                .findFirst();
    }

    void call(Listener listener, ConsumerRecord<String, byte[]> record) {
        invoke(listener.bean(), listener.method(), record);
    }

    @SuppressWarnings("unchecked")
    private <T> void invoke(BeanDefinition<T> bean, ExecutableMethod<?, ?> method, ConsumerRecord<?, ?> record) {
        ((ExecutableMethod<T, Object>) method).invoke(beans.getBean(bean), record);
    }

    private static void refuseIfItCouldSkip(AnnotationValue<KafkaListener> listener, ExecutableMethod<?, ?> method) {
        var strategy = listener.getAnnotation("errorStrategy", ErrorStrategy.class);
        boolean comesBack = strategy.flatMap(s -> s.enumValue(ErrorStrategyValue.class))
                        .filter(ErrorStrategyValue.RETRY_ON_ERROR::equals)
                        .isPresent()
                && strategy.get().intValue("retryCount").orElse(0) == Integer.MAX_VALUE
                && strategy.get().classValues("exceptionTypes").length == 0;
        boolean commitsAfterwards = listener.enumValue("offsetStrategy", OffsetStrategy.class)
                .filter(OffsetStrategy.SYNC::equals)
                .isPresent();
        boolean fromTheBeginning = listener.enumValue("offsetReset", OffsetReset.class)
                .filter(OffsetReset.EARLIEST::equals)
                .isPresent();
        boolean oneByOne = !listener.isTrue("batch")
                && method.getArguments().length == 1
                && method.getArguments()[0].getType() == ConsumerRecord.class;
        if (!(comesBack && commitsAfterwards && fromTheBeginning && oneByOne)) {
            throw new StartFailure(
                    StartFailure.Reason.LISTENER_COULD_SKIP,
                    method.getDeclaringType().getSimpleName() + "." + method.getName()
                            + " could skip records: annotate its class with @EventsListener instead of @KafkaListener, and let"
                            + " it take one ConsumerRecord<String, byte[]>.",
                    null,
                    true);
        }
    }
}
