package dev.interlock.contracts;

/**
 * A fact, past tense, in plain types. When it happened is {@code ce_time}; a field holds an instant only where the fact
 * itself speaks of one. All instants are UTC. A field marked nullable is left out of the JSON when it is null.
 */
public interface Event extends Published {}
