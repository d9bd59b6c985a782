package dev.interlock.agent.domain;

import java.util.List;
import java.util.Locale;

/**
 * What an agent's or a license server's words for a failed validation mostly mean, and where a person looks first.
 *
 * @param clause of REQUIREMENTS
 */
public record FailureMeaning(String meaning, String next, String clause) {
    private record Rule(List<String> words, FailureMeaning meaning) {}

    private static final List<Rule> RULES = List.of(
            new Rule(
                    List.of(
                            "disappeared",
                            "expired",
                            "no software licenses",
                            "no-license",
                            "no license",
                            "not entitled"),
                    new FailureMeaning(
                            "Licenses that disappeared have mostly expired. The machine itself is unaffected: only new PCoIP"
                                    + " sessions are refused.",
                            "Look at the pools of the license server and when they expire (`interlock pools list`); expired ones"
                                    + " are renewed with the vendor and activated again.",
                            "L18")),
            new Rule(
                    List.of("no available licenses", "exhausted", "all in use"),
                    new FailureMeaning(
                            "The address, the port or the pool is wrong, or all licenses are in use.",
                            "Compare the agent's pcoip.license_server_path with the license server, and look at its pools.",
                            "L91")),
            new Rule(
                    List.of("no configured license servers", "not configured"),
                    new FailureMeaning(
                            "The agent does not know a license server.",
                            "Set pcoip.license_server_path = https://server:7071/request in the agent's pcoip-agent.conf.",
                            "L63")),
            new Rule(
                    List.of("unknown name", "could not resolve", "name or service not known", "nxdomain"),
                    new FailureMeaning(
                            "The license server's name is not known where the agent is: this is DNS.",
                            "Resolve the name on the agent's machine; correct DNS or the agent's setting.",
                            "L90")),
            new Rule(
                    List.of("certificate", "ssl", "tls"),
                    new FailureMeaning(
                            "The agent does not trust the license server's certificate.",
                            "Put the authority's certificate into the trust of the agent's machine.",
                            "L68")),
            new Rule(
                    List.of("refused"),
                    new FailureMeaning(
                            "The machine answers but nothing listens on the port.",
                            "See whether the license server is active, then whether its port is open.",
                            "L87")),
            new Rule(
                    List.of(
                            "unreachable",
                            "timed out",
                            "timeout",
                            "no route",
                            "no answer",
                            "no license server answered"),
                    new FailureMeaning(
                            "The license server is down or a firewall is in the way.",
                            "See whether the license server is up, then whether the agent's network reaches its port.",
                            "L90")));

    private static final FailureMeaning UNKNOWN = new FailureMeaning(
            "The agent could not validate its license.",
            "Read the agent's log on its machine, or run pcoip-validate-license --verbose there.",
            "L36");

    public static FailureMeaning of(String reason) {
        var words = reason.toLowerCase(Locale.ROOT);
        return RULES.stream()
                .filter(rule -> rule.words().stream().anyMatch(words::contains))
                .map(Rule::meaning)
                .findFirst()
                .orElse(UNKNOWN);
    }
}
