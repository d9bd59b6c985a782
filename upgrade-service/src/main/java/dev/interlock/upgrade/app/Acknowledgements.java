package dev.interlock.upgrade.app;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Approvers' words to go on although an interlock wants one. */
public interface Acknowledgements {
    void add(Word word);

    /** Whom they let be refused, by interlock. */
    Map<String, Set<String>> of(UUID planId, String planHash);

    List<Word> list(UUID planId);

    /** @param subjects exactly those whom it is about: a longer list asks again */
    record Word(
            UUID id,
            UUID planId,
            String planHash,
            String interlock,
            List<String> subjects,
            String reason,
            String by,
            Instant at) {
        public Word {
            subjects = List.copyOf(subjects);
        }
    }
}
