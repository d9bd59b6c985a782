package dev.interlock.platform.audit;

import dev.interlock.platform.audit.AuditEntry.Outcome;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.Actor;
import dev.interlock.platform.security.CurrentActor;
import io.micronaut.aop.InterceptPhase;
import io.micronaut.aop.InterceptorBean;
import io.micronaut.aop.MethodInterceptor;
import io.micronaut.aop.MethodInvocationContext;
import io.micronaut.context.BeanProvider;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolationException;
import java.sql.Connection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an {@link Audited} command and its line in one transaction. Outside validation, so that invalid requests are recorded too. */
@Singleton
@InterceptorBean(Audited.class)
final class AuditAdvice implements MethodInterceptor<Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(AuditAdvice.class);

    private final BeanProvider<JdbcAuditLog> log;
    private final BeanProvider<TransactionOperations<Connection>> transactions;
    private final CurrentActor actor;

    AuditAdvice(
            BeanProvider<JdbcAuditLog> log,
            BeanProvider<TransactionOperations<Connection>> transactions,
            CurrentActor actor) {
        this.log = log;
        this.transactions = transactions;
        this.actor = actor;
    }

    @Override
    public int getOrder() {
        return InterceptPhase.VALIDATE.getPosition() - 10;
    }

    @Override
    public @Nullable Object intercept(MethodInvocationContext<Object, Object> command) {
        var type = command.getReturnType().getType();
        if (Publishers.isConvertibleToPublisher(type) || CompletionStage.class.isAssignableFrom(type)) {
            throw new IllegalStateException(command.getExecutableMethod() + " is audited and must answer directly");
        }
        var notes = AuditNotes.open();
        if (notes == null) {
            return command.proceed(); // called by another audited command, which is the one that was given
        }
        var action = command.stringValue(Audited.class).orElseThrow();
        var who = actor.orSystem();
        try {
            return transactions.get().executeWrite(status -> {
                var answer = command.proceed();
                log.get().append(entry(who, action, notes, answer));
                return answer;
            });
        } catch (RuntimeException undone) {
            recordFailure(who, action, notes, undone);
            throw undone;
        } finally {
            AuditNotes.close();
        }
    }

    private static AuditEntry entry(Actor who, String action, Map<String, String> notes, @Nullable Object answer) {
        if (answer instanceof HttpResponse<?> response) {
            var detail = new TreeMap<>(notes);
            detail.put("status", Integer.toString(response.code()));
            var outcome = response.code() < 400 ? Outcome.DONE : Outcome.REFUSED;
            if (outcome == Outcome.REFUSED
                    && response.body() instanceof Map<?, ?> problem
                    && problem.get("type") instanceof String type) {
                detail.put("problem", type);
            }
            var location = response.header(HttpHeaders.LOCATION);
            return new AuditEntry(
                    who.name(), who.roles(), action, location == null ? path() : location, outcome, detail);
        }
        return new AuditEntry(who.name(), who.roles(), action, path(), Outcome.DONE, notes);
    }

    private void recordFailure(Actor who, String action, Map<String, String> notes, RuntimeException undone) {
        var detail = new TreeMap<>(notes);
        Outcome outcome;
        switch (undone) {
            case ProblemException known -> {
                Problem problem = known.problem();
                detail.put("problem", problem.type());
                detail.put("status", Integer.toString(problem.status()));
                outcome = problem.status() >= 500 ? Outcome.FAILED : Outcome.REFUSED;
            }
            case ConstraintViolationException ignored -> {
                detail.put("problem", "/problems/invalid-request");
                detail.put("status", "400");
                outcome = Outcome.REFUSED;
            }
            default -> {
                detail.put("error", undone.getClass().getSimpleName());
                outcome = Outcome.FAILED;
            }
        }
        try {
            log.get().appendForSure(new AuditEntry(who.name(), who.roles(), action, path(), outcome, detail));
        } catch (RuntimeException unwritten) {
            // the command had no effect; what must not happen is that its caller sees another error than its own
            LOG.error("cannot record that {} of {} was {}", action, who.name(), outcome, unwritten);
        }
    }

    private static String path() {
        return ServerRequestContext.currentRequest().map(HttpRequest::getPath).orElse("-");
    }
}
