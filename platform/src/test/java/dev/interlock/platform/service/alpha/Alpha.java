package dev.interlock.platform.service.alpha;

import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;

@Singleton
public record Alpha(@Property(name = "color") String color) {}
