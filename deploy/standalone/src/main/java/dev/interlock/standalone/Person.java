package dev.interlock.standalone;

import java.util.List;

/**
 * Somebody with a token.
 *
 * @param token name of the token, for {@code --as}
 */
record Person(String token, String name, List<String> roles) {
    static final Person ADMIN = new Person("admin", "admin", List.of("viewer", "operator", "approver", "admin"));

    /** The people of the demo. Pat may also approve, so that the two-person rule is what stops him. */
    static final List<Person> CAST = List.of(
            new Person("viewer", "vera", List.of("viewer")),
            new Person("operator", "pat", List.of("viewer", "operator", "approver")),
            new Person("approver", "alex", List.of("viewer", "approver")),
            ADMIN);
}
