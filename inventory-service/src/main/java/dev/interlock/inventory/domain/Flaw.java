package dev.interlock.inventory.domain;

/**
 * What is wrong with one field that a person or a file gave.
 *
 * @param field its name in the API
 * @param problem what is wrong, with the value where that helps
 * @param next what to do about it
 */
public record Flaw(String field, String problem, String next) {}
