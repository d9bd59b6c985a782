package dev.interlock.edge.proxy;

import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import java.util.function.Function;

/** The body of an answer on its way through: written as it comes, never held in whole. */
record Relayed(Function<ByteBodyFactory, CloseableByteBody> body) {}
