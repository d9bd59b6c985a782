package dev.interlock.platform.audit;

import io.micronaut.aop.Around;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a controller method as a command. It then runs in a transaction, and who did what to what with which outcome is appended
 * to the audit log in that same transaction: no command without its line, no line without its command. A refusal (a role that is
 * missing, a {@link dev.interlock.platform.problem.ProblemException}, a request that fails validation, an unexpected error) undoes
 * the command's transaction and is recorded in one of its own. An answer of 400 and above that is <em>returned</em> keeps its
 * transaction and is recorded in it.
 *
 * <p>The subject of the line is the {@code Location} of the answer for a creation, else the request's path. Bodies are not
 * recorded; a command adds what matters (a reason, a hash) with {@link AuditLog#note}.
 *
 * <p>The method must answer directly, not with a publisher or a future.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Around
public @interface Audited {
    /** {@code noun.verb}, as in {@code plan.approve}; stable, SIEM rules are written against it. */
    String value();
}
