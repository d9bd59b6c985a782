package dev.interlock.contracts;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The words a text field may hold; {@code enum} in its schema. A word may be added, never taken away. A reader treats a
 * word it does not know as 'other', which is why these are not Java enums.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.RECORD_COMPONENT})
public @interface OneOf {
    String[] value();
}
