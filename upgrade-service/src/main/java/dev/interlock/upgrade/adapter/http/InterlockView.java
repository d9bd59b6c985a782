package dev.interlock.upgrade.adapter.http;

import dev.interlock.platform.problem.Problem;
import dev.interlock.upgrade.domain.Finding;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An interlock that does not hold.
 *
 * @param interlock which one
 * @param weight what it means: refuses, blocks, wants-word, acknowledged or note
 * @param subjects whom or what it is about; an approver's acknowledgement is for just these
 */
@Introspected
record InterlockView(
        String interlock, String clause, String weight, String reason, String next, List<String> subjects) {
    static List<InterlockView> of(List<Finding> findings) {
        return findings.stream()
                .map(f -> new InterlockView(
                        f.interlock(), f.clause(), f.weight().word(), f.sentence(), f.next(), f.subjects()))
                .toList();
    }

    /** @param broken one at least */
    static Problem problem(List<Finding> broken) {
        return Problem.conflict(
                        "interlocked",
                        "The line is not set for it",
                        broken.stream().map(Finding::sentence).collect(Collectors.joining(" ")),
                        broken.getFirst().next())
                .with("interlocks", of(broken));
    }
}
