package dev.interlock.contracts;

/**
 * The whole current state of one aggregate, on a compacted topic: a new or emptied consumer builds its model from it. A
 * record without data (tombstone) says that the aggregate is gone.
 */
public interface StateRecord extends Published {}
