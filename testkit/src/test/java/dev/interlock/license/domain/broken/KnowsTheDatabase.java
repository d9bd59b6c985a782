package dev.interlock.license.domain.broken;

import java.sql.Connection;

/** Breaks: the domain knows no framework. */
record KnowsTheDatabase(Connection connection) {}
