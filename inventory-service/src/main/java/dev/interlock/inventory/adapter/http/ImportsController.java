package dev.interlock.inventory.adapter.http;

import dev.interlock.inventory.adapter.imports.AnsibleIni;
import dev.interlock.inventory.adapter.imports.AnsibleYaml;
import dev.interlock.inventory.adapter.imports.CsvInventory;
import dev.interlock.inventory.app.ImportInventory;
import dev.interlock.inventory.app.ImportReport;
import dev.interlock.inventory.domain.ImportedInventory;
import dev.interlock.inventory.domain.ImportedInventory.LineProblem;
import dev.interlock.platform.audit.AuditLog;
import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.CurrentActor;
import dev.interlock.platform.security.MayOperate;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hosts and deployments from a file. */
@Controller("/api/v1/imports")
@Tag(name = "imports")
class ImportsController {

    private final ImportInventory importInventory;
    private final AuditLog audit;
    private final CurrentActor actor;

    ImportsController(ImportInventory importInventory, AuditLog audit, CurrentActor actor) {
        this.importInventory = importInventory;
        this.audit = audit;
        this.actor = actor;
    }

    @Post
    @Consumes({MediaType.TEXT_PLAIN, MediaType.TEXT_CSV, MediaType.APPLICATION_YAML, MediaType.ALL})
    @MayOperate
    @Audited("inventory.import")
    @Operation(
            operationId = "importInventory",
            summary = "Import hosts and deployments from a CSV file or an Ansible inventory",
            description =
                    "Each good line has its effect; each bad one is listed in 'rejected' with line, field, problem and what to"
                            + " do next. The same file again changes nothing. With dryRun=true nothing is changed and the report says"
                            + " what would be. CSV columns: name, address, port, user, credential, host_key, deployment, product,"
                            + " role, labels.")
    ImportReportView importFile(
            @QueryValue String format, @Nullable @QueryValue Boolean dryRun, @Nullable @Body String text) {
        var file = parse(format, text == null ? "" : text);
        boolean dry = Boolean.TRUE.equals(dryRun);
        var report = importInventory.handle(file, dry, actor.get().name());
        audit.note("format", format);
        audit.note("dry-run", String.valueOf(dry));
        audit.note(
                "hosts",
                report.created().size() + " created, " + report.updated().size() + " updated, "
                        + report.rejected().size() + " problems");
        return ImportReportView.of(report);
    }

    private static ImportedInventory parse(String format, String text) {
        return switch (format) {
            case "csv" -> CsvInventory.parse(text);
            case "ansible-ini" -> AnsibleIni.parse(text);
            case "ansible-yaml" -> AnsibleYaml.parse(text);
            default ->
                throw ProblemException.invalid(
                        "there is no format '" + format + "'", "Use csv, ansible-ini or ansible-yaml.");
        };
    }

    /**
     * @param created number of hosts, and so on
     * @param deployments number registered or changed
     * @param hosts the same by name
     */
    @Introspected
    record ImportReportView(
            boolean dryRun,
            int created,
            int updated,
            int unchanged,
            int deployments,
            List<LineProblem> rejected,
            List<LineProblem> warnings,
            ImportedHosts hosts,
            List<String> changedDeployments) {

        @Introspected
        record ImportedHosts(List<String> created, List<String> updated) {}

        static ImportReportView of(ImportReport report) {
            return new ImportReportView(
                    report.dryRun(),
                    report.created().size(),
                    report.updated().size(),
                    report.unchanged().size(),
                    report.deployments().size(),
                    report.rejected(),
                    report.warnings(),
                    new ImportedHosts(report.created(), report.updated()),
                    report.deployments());
        }
    }
}
