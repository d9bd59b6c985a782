package dev.interlock.inventory.domain;

import java.util.List;
import java.util.Map;

/**
 * What a file says, line by line, before anything is checked against the rules or against what is known.
 *
 * @param foundBy {@code csv} or {@code ansible}
 * @param rejected what could not be read at all
 * @param warnings what was read and left out on purpose
 * @param fields the format's names for the fields of a {@link HostDraft}, where they differ
 */
public record ImportedInventory(
        String foundBy,
        List<ImportedHost> hosts,
        List<ImportedDeployment> deployments,
        List<LineProblem> rejected,
        List<LineProblem> warnings,
        Map<String, String> fields) {

    /** @param line the first one that names the host, from 1 */
    public record ImportedHost(int line, HostDraft draft) {}

    /** @param line the first one that names the deployment, from 1 */
    public record ImportedDeployment(int line, DeploymentDraft draft) {}

    /**
     * One thing wrong in a file.
     *
     * @param line from 1; 0 when it is about the file as a whole
     */
    public record LineProblem(int line, String field, String problem, String next) {}

    public ImportedInventory {
        hosts = List.copyOf(hosts);
        deployments = List.copyOf(deployments);
        rejected = List.copyOf(rejected);
        warnings = List.copyOf(warnings);
        fields = Map.copyOf(fields);
    }

    /** The file's own word for a field. */
    public String field(String ofDraft) {
        return fields.getOrDefault(ofDraft, ofDraft);
    }
}
