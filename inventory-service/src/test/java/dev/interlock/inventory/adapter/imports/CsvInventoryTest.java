package dev.interlock.inventory.adapter.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.interlock.inventory.domain.DeploymentDraft;
import dev.interlock.inventory.domain.DeploymentDraft.Place;
import dev.interlock.inventory.domain.HostDraft;
import dev.interlock.inventory.domain.ImportedInventory;
import dev.interlock.inventory.domain.ImportedInventory.ImportedDeployment;
import dev.interlock.inventory.domain.ImportedInventory.ImportedHost;
import dev.interlock.inventory.domain.ImportedInventory.LineProblem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CsvInventoryTest {

    private static final String HEADER = "name,address,port,user,credential,host_key,deployment,product,role,labels\n";
    private static final String KEEPER = "keeper-connection-manager";

    private static HostDraft host(String name, String address, Map<String, String> labels) {
        return new HostDraft(name, address, 22, "root", "fleet", "", labels);
    }

    private static List<String> names(ImportedInventory file) {
        return file.hosts().stream().map(each -> each.draft().name()).toList();
    }

    @Test
    void readsHostsWithLabelsAndTheirDeployments() {
        var file = CsvInventory.parse(HEADER
                + "kcm-01,10.0.0.1,,root,fleet,,kcm-eu,keeper-connection-manager,,site=fra;tier=prod;new\n"
                + "kcm-02,10.0.0.2,22,root,fleet,,kcm-eu,,standby,\"note=a \"\"b\"\"\"\n");

        assertThat(file.hosts())
                .containsExactly(
                        new ImportedHost(
                                2, host("kcm-01", "10.0.0.1", Map.of("site", "fra", "tier", "prod", "new", ""))),
                        new ImportedHost(3, host("kcm-02", "10.0.0.2", Map.of("note", "a \"b\""))));
        assertThat(file.deployments())
                .containsExactly(new ImportedDeployment(
                        2,
                        new DeploymentDraft(
                                "kcm-eu",
                                KEEPER,
                                List.of(new Place("kcm-01", "node"), new Place("kcm-02", "standby")),
                                Map.of())));
        assertThat(file.rejected()).isEmpty();
    }

    @Test
    void readsWhatExcelWrites() {
        var file = CsvInventory.parse("\uFEFFName;Address;User;Credential\r\nkcm-01;10.0.0.1;root;fleet\r\n");

        assertThat(names(file)).containsExactly("kcm-01");
        assertThat(file.rejected()).isEmpty();
    }

    @Test
    void tellsOfEachBadLineAndKeepsEveryGoodOne() {
        var file = CsvInventory.parse("""
                name,address,port,user,credential,labels
                # a comment
                good-1,10.0.0.1,22,root,fleet,

                bad-port,10.0.0.2,ssh,root,fleet,
                too,many,22,root,fleet,a=b,c=d
                bad-label,10.0.0.3,22,root,fleet,=fra
                "broken,10.0.0.4,22,root,fleet,
                good-2,10.0.0.5,22,root,fleet,"note=two
                lines"
                br"oken,10.0.0.6,"x"y,root,fleet,
                good-3,10.0.0.7,22,root,fleet,
                good-1,10.0.0.8,22,root,fleet,
                good-4,10.0.0.9,22,root,fleet,
                """);

        assertThat(names(file)).contains("good-1", "good-3", "good-4");
        assertThat(names(file)).doesNotContain("bad-port", "too", "bad-label");
        assertThat(file.rejected())
                .extracting(LineProblem::line, LineProblem::field)
                .contains(tuple(5, "port"), tuple(6, "line"), tuple(7, "labels"), tuple(13, "name"));
        assertThat(file.rejected())
                .allSatisfy(problem -> assertThat(problem.next()).isNotBlank());
        assertThat(file.hosts())
                .filteredOn(each -> "good-3".equals(each.draft().name()))
                .extracting(ImportedHost::line)
                .containsExactly(12);
    }

    @Test
    void goesOnAfterAQuoteThatIsNeverClosed() {
        var file = CsvInventory.parse("""
                name,address,user,credential
                good-1,10.0.0.1,root,fleet
                "open,10.0.0.2,root,fleet
                good-2,10.0.0.3,root,fleet
                good-3,10.0.0.4,root,fleet
                """);

        assertThat(names(file)).containsExactly("good-1", "good-2", "good-3");
        assertThat(file.rejected()).extracting(LineProblem::line).containsExactly(3);
    }

    @Test
    void countsTheLinesOfAFieldThatSpansSeveral() {
        var file = CsvInventory.parse("""
                name,address,user,credential,labels
                good-1,10.0.0.1,root,fleet,"note=one
                two
                three"
                good-2,10.0.0.2,root,fleet,
                """);

        assertThat(file.hosts()).extracting(ImportedHost::line).containsExactly(2, 5);
    }

    @Test
    void takesNothingFromAFileWhoseColumnsItDoesNotKnow() {
        var file = CsvInventory.parse("name,address,user,credental,site\nkcm-01,10.0.0.1,root,fleet,fra\n");

        assertThat(file.hosts()).isEmpty();
        assertThat(file.rejected())
                .extracting(LineProblem::line, LineProblem::field)
                .containsExactly(tuple(1, "credental"), tuple(1, "site"), tuple(1, "credential"));
    }

    @Test
    void takesAHostThatIsInTwoDeploymentsOnTwoLinesAsOne() {
        var file = CsvInventory.parse(HEADER
                + "a,10.0.0.1,,root,fleet,,kcm,keeper-connection-manager,,\n"
                + "a,10.0.0.1,,root,fleet,,ums,igel-ums,server,\n");

        assertThat(names(file)).containsExactly("a");
        assertThat(file.deployments()).extracting(each -> each.draft().name()).containsExactly("kcm", "ums");
        assertThat(file.rejected()).isEmpty();
    }

    @Test
    void tellsOfADeploymentWithTwoProductsAndOfAProductWithoutDeployment() {
        var file = CsvInventory.parse(HEADER
                + "a,10.0.0.1,,root,fleet,,kcm,keeper-connection-manager,,\n"
                + "b,10.0.0.2,,root,fleet,,kcm,igel-ums,,\n"
                + "c,10.0.0.3,,root,fleet,,,igel-ums,,\n");

        assertThat(names(file)).containsExactly("a", "b", "c");
        assertThat(file.rejected())
                .extracting(LineProblem::line, LineProblem::field)
                .containsExactly(tuple(3, "product"), tuple(4, "deployment"));
    }

    @Test
    void saysThatAnEmptyFileIsEmpty() {
        assertThat(CsvInventory.parse("\n\n").rejected())
                .extracting(LineProblem::problem)
                .containsExactly("the file is empty");
    }
}
