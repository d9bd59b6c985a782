package dev.interlock.lab.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a script says. */
sealed interface Ast {
    record Sequence(List<Item> items) implements Ast {}

    record Item(Ast command, boolean background) {}

    record AndOr(Ast left, boolean and, Ast right) implements Ast {}

    record Pipeline(List<Ast> stages, boolean negated) implements Ast {}

    record Simple(int line, List<Assignment> assignments, List<Word> words, List<Redirection> redirections)
            implements Ast {}

    record Group(Ast body) implements Ast {}

    record Subshell(Ast body) implements Ast {}

    record If(Ast condition, Ast then, @Nullable Ast otherwise) implements Ast {}

    record Loop(Ast condition, boolean until, Ast body) implements Ast {}

    /** @param words null for {@code "$@"} */
    record For(String name, @Nullable List<Word> words, Ast body) implements Ast {}

    record Case(Word subject, List<Arm> arms) implements Ast {}

    record Arm(List<Word> patterns, Ast body) {}

    record Function(String name, Ast body) implements Ast {}

    record Redirected(Ast command, List<Redirection> redirections, int line) implements Ast {}

    record Assignment(String name, Word value) {}

    /** @param operator {@code <}, {@code >}, {@code >>}, {@code >|}, {@code <>}, {@code <&}, {@code >&}, {@code <<} */
    record Redirection(int fd, String operator, Word target) {}

    record Word(List<Part> parts) {}

    sealed interface Part {
        record Text(String text, boolean quoted) implements Part {}

        /** @param operator empty, {@code #} for the length, or {@code :- - := = :? ? :+ + % %% # ##} */
        record Parameter(
                String name, String operator, @Nullable Word word, boolean quoted) implements Part {}

        record Substitution(Ast body, boolean quoted) implements Part {}

        record Arithmetic(Word expression, boolean quoted) implements Part {}
    }
}
