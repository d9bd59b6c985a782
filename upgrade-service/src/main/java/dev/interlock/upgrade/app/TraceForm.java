package dev.interlock.upgrade.app;

import java.util.List;

/** How a run's story is written, chained and signed. */
public interface TraceForm {
    /**
     * Seals a run that has ended.
     *
     * @param head about the run, as JSON
     * @param plan in canonical form
     */
    Seal seal(String head, String plan, List<Runs.Event> events);

    /**
     * The trace as lines of JSON.
     *
     * @throws Altered if what is stored is not what was sealed
     */
    String lines(String head, String plan, List<Runs.Event> events, Seal seal);

    /** Of the present key. */
    Key key();

    /**
     * @param line the trace's last line: the number of lines, the hash over all of them, the signature
     * @param keyId of the key that signed it
     */
    record Seal(String line, String keyId) {}

    /** @param publicKey in Base64, X.509 form */
    record Key(String id, String publicKey) {}

    /** What is stored of a run was changed after its end. */
    final class Altered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Altered(String sentence) {
            super(sentence);
        }
    }
}
