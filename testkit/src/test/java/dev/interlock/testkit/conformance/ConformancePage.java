package dev.interlock.testkit.conformance;

import dev.interlock.testkit.conformance.ClauseMarks.Proof;
import dev.interlock.testkit.conformance.Clauses.Clause;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code docs/conformance.md}: which running test proves which clause, and which clauses none proves yet. */
final class ConformancePage {

    static final String HOW_TO_WRITE = "run `mvn -o -q -pl testkit -am test -Dtest=ConformancePageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dinterlock.accept=true` and commit the result";

    private static final Map<Character, String> DOCUMENTS = new LinkedHashMap<>();

    static {
        DOCUMENTS.put('C', "PCoIP Connection Manager and Security Gateway");
        DOCUMENTS.put('L', "PCoIP License Server, offline");
        DOCUMENTS.put('G', "IGEL UMS High Availability");
        DOCUMENTS.put('K', "Keeper Connection Manager");
        DOCUMENTS.put('P', "Parallels Secure Workspace");
    }

    static String markdown(List<Clause> clauses, List<Proof> proofs, Map<String, String> notProvable) {
        var byClause = new TreeMap<String, List<Proof>>();
        proofs.forEach(proof -> byClause.computeIfAbsent(proof.clause(), key -> new java.util.ArrayList<>())
                .add(proof));
        var page = new StringBuilder("""
                # Conformance

                <!-- Written by the build from @Clause marks in the tests and from clauses.csv; see development.md. -->

                Every rule of the five source documents has a number. A rule is *proven* here when at least one test that is
                not disabled bears its number, *not provable here* where nothing that we can run would show it (with the reason), and
                otherwise *open*. A test against the lab or the test fleet proves
                what Interlock does, not what the vendor's product does.

                | document | clauses | proven | not provable here | open |
                |---|---|---|---|---|
                """);
        int proven = 0;
        int unprovable = 0;
        for (var document : DOCUMENTS.entrySet()) {
            List<Clause> own = of(clauses, document.getKey());
            int held = (int) own.stream()
                    .filter(each -> byClause.containsKey(each.number()))
                    .count();
            int beyond = (int) own.stream()
                    .filter(each -> notProvable.containsKey(each.number()))
                    .count();
            proven += held;
            unprovable += beyond;
            page.append("| [%s. %s](#%s) | %d | %d | %d | %d |%n"
                    .formatted(
                            document.getKey(),
                            document.getValue(),
                            anchor(document.getKey() + ". " + document.getValue()),
                            own.size(),
                            held,
                            beyond,
                            own.size() - held - beyond));
        }
        page.append("| **all** | **%d** | **%d** | **%d** | **%d** |%n"
                .formatted(clauses.size(), proven, unprovable, clauses.size() - proven - unprovable));
        for (var document : DOCUMENTS.entrySet()) {
            page.append("%n## %s. %s%n%n| no | clause | owner | proven by |%n|---|---|---|---|%n"
                    .formatted(document.getKey(), document.getValue()));
            for (Clause clause : of(clauses, document.getKey())) {
                List<Proof> found = byClause.getOrDefault(clause.number(), List.of());
                page.append("| %s | %s | %s | %s |%n"
                        .formatted(
                                clause.number(),
                                clause.statement().replace("|", "\\|"),
                                clause.owner().replace(" ", ", "),
                                found.isEmpty()
                                        ? open(notProvable.get(clause.number()))
                                        : String.join(
                                                "<br>",
                                                found.stream()
                                                        .map(ConformancePage::link)
                                                        .toList())));
            }
        }
        return page.toString();
    }

    private static String open(@Nullable String reason) {
        return reason == null ? "*open*" : "*not provable here:* " + reason.replace("|", "\\|");
    }

    private static List<Clause> of(List<Clause> clauses, char group) {
        return clauses.stream().filter(each -> each.group() == group).toList();
    }

    private static String link(Proof proof) {
        String test = proof.method().isEmpty() ? proof.type() : proof.type() + "#" + proof.method();
        return "[%s](../%s) (%s%s)"
                .formatted(
                        test,
                        proof.source(),
                        proof.module(),
                        proof.conditional() ? ", only where what it needs is at hand" : "");
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(java.util.Locale.ROOT)
                .replaceAll("[^a-z0-9 -]", "")
                .replace(' ', '-');
    }

    private ConformancePage() {}
}
