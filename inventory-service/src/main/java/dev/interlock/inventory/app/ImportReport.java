package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.ImportedInventory.LineProblem;
import java.util.List;

/**
 * What an import did, or would do.
 *
 * @param created hosts, by name, and so on
 * @param deployments registered or given members
 * @param deploymentsUnchanged already as the file says
 * @param rejected lines that had no effect, or not all of it; ordered by line
 * @param warnings what was left out on purpose
 */
public record ImportReport(
        boolean dryRun,
        List<String> created,
        List<String> updated,
        List<String> unchanged,
        List<String> deployments,
        List<String> deploymentsUnchanged,
        List<LineProblem> rejected,
        List<LineProblem> warnings) {}
