package dev.interlock.platform.security;

import io.micronaut.security.annotation.Secured;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A machine, an operator or an admin: what agents and brokers send. On a method it overrides the one on the class. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@Secured({Roles.SERVICE, Roles.OPERATOR, Roles.ADMIN})
public @interface MayReport {}
