package dev.interlock.contracts;

/** Something a service puts on its topic: an {@link Event} or a {@link StateRecord}. */
public interface Published {

    /** The aggregate's id. It is the Kafka key and {@code ce_subject}, so one aggregate's story stays in order. */
    String key();

    Channel channel();
}
