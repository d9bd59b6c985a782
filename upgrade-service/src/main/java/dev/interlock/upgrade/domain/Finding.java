package dev.interlock.upgrade.domain;

import java.util.List;

/**
 * An interlock that does not hold.
 *
 * @param interlock its word
 * @param clause it rests on
 * @param sentence what does not hold, for a person
 * @param next what a person can do
 * @param subjects whom or what it is about, by name; an approver's word is for just these
 */
public record Finding(
        String interlock, String clause, Weight weight, String sentence, String next, List<String> subjects) {
    public Finding {
        subjects = List.copyOf(subjects);
    }

    static Finding of(Interlock interlock, String clause, Weight weight, String sentence, String next) {
        return of(interlock, clause, weight, sentence, next, List.of());
    }

    static Finding of(
            Interlock interlock, String clause, Weight weight, String sentence, String next, List<String> subjects) {
        return new Finding(interlock.word(), clause, weight, sentence, next, subjects);
    }

    Finding acknowledged() {
        return new Finding(interlock, clause, Weight.ACKNOWLEDGED, sentence, next, subjects);
    }

    public boolean blocks() {
        return weight == Weight.BLOCKS || weight == Weight.REFUSES || weight == Weight.WANTS_WORD;
    }

    /** In one sentence after the other. */
    public String inWords() {
        return sentence + " " + next;
    }

    /** What it means for the run. */
    public enum Weight {
        /** It can never hold for this plan: there is no such plan. */
        REFUSES("refuses"),
        /** Nothing starts or goes on while it is so. */
        BLOCKS("blocks"),
        /** Goes on only on the word of an approver who did not make the plan. */
        WANTS_WORD("wants-word"),
        /** The word was given. */
        ACKNOWLEDGED("acknowledged"),
        /** To be known before approving. */
        NOTE("note");

        private final String word;

        Weight(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
