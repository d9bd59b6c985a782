package dev.interlock.testkit.openapi;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the compiled controllers say of their operations and the generated document leaves out: who may call them, and which
 * headers they honour and set.
 *
 * @param roles any of these is enough
 * @param audited the name in the audit log; null for what is not written there
 * @param idempotent whether an {@code Idempotency-Key} is honoured by the platform
 * @param tagged whether a success carries an {@code ETag}
 */
record ApiRoutes(
        String operationId, List<String> roles, @Nullable String audited, boolean idempotent, boolean tagged) {

    private static final String OPERATION = "io.swagger.v3.oas.annotations.Operation";
    private static final String HIDDEN = "io.swagger.v3.oas.annotations.Hidden";
    private static final String CONTROLLER = "io.micronaut.http.annotation.Controller";
    private static final String SECURED = "io.micronaut.security.annotation.Secured";
    private static final String AUDITED = "dev.interlock.platform.audit.Audited";

    /** Those of all controllers below a package, by operation id. */
    static Map<String, ApiRoutes> of(String basePackage) {
        var found = new TreeMap<String, ApiRoutes>();
        for (JavaClass controller : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(basePackage)) {
            if (!controller.isAnnotatedWith(CONTROLLER) || controller.isAnnotatedWith(HIDDEN)) {
                continue;
            }
            for (JavaMethod method : controller.getMethods()) {
                if (!method.isAnnotatedWith(OPERATION)) {
                    continue;
                }
                var id = text(method.getAnnotationOfType(OPERATION), "operationId");
                var reached = reached(method);
                var audited = method.tryGetAnnotationOfType(AUDITED).map(each -> text(each, "value"));
                var before = found.put(
                        id,
                        new ApiRoutes(
                                id,
                                roles(method),
                                audited.orElse(null),
                                reached.contains("dev.interlock.platform.http.Idempotency.once"),
                                reached.contains("dev.interlock.platform.http.ETags.of")));
                if (before != null || id.isEmpty()) {
                    throw new AssertionError(method.getFullName()
                            + " needs an operationId of its own: @Operation(operationId = \"listHosts\", …).");
                }
            }
        }
        return found;
    }

    /** The methods that it calls, through methods of its own class too. */
    private static Set<String> reached(JavaMethod from) {
        var names = new HashSet<String>();
        var open = new ArrayList<JavaMethod>(List.of(from));
        while (!open.isEmpty()) {
            for (var call : open.removeLast().getMethodCallsFromSelf()) {
                var owner = call.getTargetOwner();
                boolean fresh =
                        names.add(owner.getName() + "." + call.getTarget().getName());
                if (fresh && owner.equals(from.getOwner())) {
                    call.getTarget().resolveMember().ifPresent(open::add);
                }
            }
        }
        return names;
    }

    private static List<String> roles(JavaMethod method) {
        var onMethod = roles(method.getAnnotations());
        return onMethod.isEmpty() ? roles(method.getOwner().getAnnotations()) : onMethod;
    }

    private static List<String> roles(Set<? extends JavaAnnotation<?>> annotations) {
        return annotations.stream()
                .filter(each -> each.getRawType().isAnnotatedWith(SECURED))
                .flatMap(each -> Arrays.stream((Object[]) each.getRawType()
                        .getAnnotationOfType(SECURED)
                        .get("value")
                        .orElse(new Object[0])))
                .map(Object::toString)
                .toList();
    }

    private static String text(JavaAnnotation<?> annotation, String name) {
        return annotation.get(name).map(Object::toString).orElse("");
    }
}
