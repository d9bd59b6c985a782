package dev.interlock.platform.service.beta;

import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;

@Singleton
public record Beta(@Property(name = "color") String color) {}
