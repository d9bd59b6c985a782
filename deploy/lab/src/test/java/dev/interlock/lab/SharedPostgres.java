package dev.interlock.lab;

import dev.interlock.testkit.PrivateInfrastructure;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands the same PostgreSQL to every test class of a run, and stops it after the last. A test may take it away, and must
 * bring it back.
 */
final class SharedPostgres implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedPostgres.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PrivateInfrastructure.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        PrivateInfrastructure.class, _ -> PrivateInfrastructure.start(), PrivateInfrastructure.class);
    }
}
