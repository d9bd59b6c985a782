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
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AnsibleInventoryTest {

    private static final String INI = """
            # the estate
            jump ansible_host=10.0.0.9

            [kcm]
            kcm-[01:03] ansible_port=2222   # a range
            kcm-eu:2200 ansible_host=10.1.0.1 motd='two words'

            [kcm:vars]
            interlock_product=keeper-connection-manager
            interlock_setting_window=sunday night
            site=fra

            [balancers]
            lb ansible_host=10.0.0.20 ansible_user=haproxy interlock_role=load-balancer

            [all_keeper:children]
            kcm
            balancers

            [all_keeper:vars]
            site=any
            tier=prod

            [all:vars]
            ansible_user=root
            interlock_credential=fleet
            """;

    private static final String YAML = """
            all:
              vars:
                ansible_user: root
                interlock_credential: fleet
              hosts:
                jump:
                  ansible_host: 10.0.0.9
              children:
                all_keeper:
                  vars: {site: any, tier: prod}
                  children:
                    kcm:
                      vars:
                        interlock_product: keeper-connection-manager
                        interlock_setting_window: sunday night
                        site: fra
                      hosts:
                        kcm-[01:03]:
                          ansible_port: 2222
                        kcm-eu: {ansible_host: 10.1.0.1, ansible_port: 2200, motd: two words}
                    balancers:
                      hosts:
                        lb:
                          ansible_host: 10.0.0.20
                          ansible_user: haproxy
                          interlock_role: load-balancer
            """;

    private static HostDraft draft(ImportedInventory file, String name) {
        return file.hosts().stream()
                .map(ImportedHost::draft)
                .filter(draft -> name.equals(draft.name()))
                .findFirst()
                .orElseThrow();
    }

    private static void isTheEstate(ImportedInventory file) {
        assertThat(file.rejected()).isEmpty();
        assertThat(file.warnings()).isEmpty();
        assertThat(file.hosts())
                .extracting(host -> host.draft().name())
                .containsExactlyInAnyOrder("jump", "kcm-01", "kcm-02", "kcm-03", "kcm-eu", "lb");
        assertThat(draft(file, "jump"))
                .isEqualTo(new HostDraft("jump", "10.0.0.9", 22, "root", "fleet", null, Map.of()));
        assertThat(draft(file, "kcm-02"))
                .as("a child group's variable goes before its parent's")
                .isEqualTo(new HostDraft(
                        "kcm-02", "kcm-02", 2222, "root", "fleet", null, Map.of("site", "fra", "tier", "prod")));
        assertThat(draft(file, "kcm-eu"))
                .isEqualTo(new HostDraft(
                        "kcm-eu",
                        "10.1.0.1",
                        2200,
                        "root",
                        "fleet",
                        null,
                        Map.of("site", "fra", "tier", "prod", "motd", "two words")));
        assertThat(draft(file, "lb").user())
                .as("a host's variable goes before all's")
                .isEqualTo("haproxy");
        assertThat(file.deployments())
                .extracting(ImportedDeployment::draft)
                .containsExactly(new DeploymentDraft(
                        "kcm",
                        "keeper-connection-manager",
                        List.of(
                                new Place("kcm-01", "node"),
                                new Place("kcm-02", "node"),
                                new Place("kcm-03", "node"),
                                new Place("kcm-eu", "node")),
                        Map.of("window", "sunday night")));
    }

    @Test
    void readsGroupsChildrenRangesAndVariablesOfAnIni() {
        isTheEstate(AnsibleIni.parse(INI));
    }

    @Test
    void readsTheSameFromYaml() {
        isTheEstate(AnsibleYaml.parse(YAML));
    }

    @Test
    void knowsTheLinesOfBoth() {
        assertThat(AnsibleIni.parse(INI).hosts()).extracting(ImportedHost::line).containsExactly(2, 5, 5, 5, 6, 14);
        assertThat(AnsibleYaml.parse(YAML).hosts())
                .extracting(ImportedHost::line)
                .containsExactly(6, 18, 18, 18, 20, 23);
    }

    @Test
    void makesADeploymentOfAGroupWithChildrenAndTheRolesOfItsHosts() {
        var file = AnsibleIni.parse("""
                [servers]
                ums-1
                ums-2
                [servers:vars]
                interlock_role=server
                [balancers]
                lb-1 interlock_role=load-balancer
                [ums:children]
                servers
                balancers
                [ums:vars]
                interlock_product=igel-ums
                """);

        assertThat(file.deployments())
                .extracting(ImportedDeployment::draft)
                .containsExactly(new DeploymentDraft(
                        "ums",
                        "igel-ums",
                        List.of(
                                new Place("ums-1", "server"),
                                new Place("ums-2", "server"),
                                new Place("lb-1", "load-balancer")),
                        Map.of()));
    }

    @Test
    void tellsOfEachBadLineOfAnIniAndKeepsTheGoodOnes() {
        var file = AnsibleIni.parse("""
                [kcm]
                good-1
                bad 'open quote
                bad novalue
                bad-[9:1]
                bad-[x]
                good-2 ansible_port=22
                worse ansible_port=ssh
                [kcm:colours]
                ignored
                [broken
                ignored too
                [loop:children]
                loop
                nowhere
                [kcm:vars]
                no equals sign
                [lost:vars]
                a=b
                [last]
                good-3
                """);

        assertThat(file.hosts()).extracting(host -> host.draft().name()).containsExactly("good-1", "good-2", "good-3");
        assertThat(file.rejected())
                .extracting(LineProblem::line, LineProblem::field)
                .containsExactlyInAnyOrder(
                        tuple(3, "host"),
                        tuple(4, "host"),
                        tuple(5, "host"),
                        tuple(6, "host"),
                        tuple(8, "ansible_port"),
                        tuple(9, "section"),
                        tuple(11, "section"),
                        tuple(14, "children"),
                        tuple(15, "section"),
                        tuple(17, "vars"),
                        tuple(18, "section"));
        assertThat(file.rejected())
                .allSatisfy(problem -> assertThat(problem.next()).isNotBlank());
    }

    @Test
    void leavesSecretsOutAndSaysSo() {
        var ini = AnsibleIni.parse(
                "a ansible_password=hunter2 ansible_become_pass=x ansible_ssh_private_key_file=~/k b=c\n");
        var yaml = AnsibleYaml.parse("all: {hosts: {a: {db: !vault abc, ansible_ssh_pass: x}}}\n");

        assertThat(draft(ini, "a").labels()).isEqualTo(Map.of("b", "c"));
        assertThat(ini.warnings())
                .extracting(LineProblem::field)
                .containsExactlyInAnyOrder("ansible_password", "ansible_become_pass", "ansible_ssh_private_key_file");
        assertThat(yaml.warnings()).extracting(LineProblem::field).containsExactlyInAnyOrder("db", "ansible_ssh_pass");
        assertThat(ini.toString() + yaml).doesNotContain("hunter2");
    }

    @Test
    void tellsWhereYamlIsBroken() {
        var file = AnsibleYaml.parse("all:\n  hosts:\n    a: {\n");
        var tab = AnsibleYaml.parse("all:\n\thosts:\n");

        assertThat(file.hosts()).isEmpty();
        assertThat(file.rejected()).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(4);
            assertThat(problem.problem()).contains("not YAML");
        });
        assertThat(tab.rejected()).singleElement().extracting(LineProblem::line).isEqualTo(2);
    }

    @Test
    void tellsOfYamlThatIsNoInventoryAndKeepsTheRest() {
        var file = AnsibleYaml.parse("""
                kcm:
                  hosts: [a, b]
                  host: {c: }
                ums:
                  hosts:
                    d:
                    e: text
                    d: {x: y}
                    f: {nested: {a: b}, list: [1, 2]}
                """);

        assertThat(file.hosts()).extracting(host -> host.draft().name()).containsExactly("d", "f");
        assertThat(draft(file, "f").labels()).isEqualTo(Map.of("list", "1,2"));
        assertThat(file.rejected())
                .extracting(LineProblem::line, LineProblem::field)
                .containsExactlyInAnyOrder(tuple(2, "hosts"), tuple(3, "host"), tuple(7, "e"), tuple(8, "d"));
        assertThat(file.warnings()).extracting(LineProblem::field).containsExactly("nested");
    }

    @Test
    void followsAnchorsAndMerges() {
        var file = AnsibleYaml.parse("""
                all:
                  hosts:
                    a: &defaults {ansible_user: root, site: fra}
                    b: {<<: *defaults, site: muc}
                """);

        assertThat(draft(file, "b").user()).isEqualTo("root");
        assertThat(draft(file, "b").labels()).isEqualTo(Map.of("site", "muc"));
    }

    @Test
    void expandsRangesAsAnsibleDoes() {
        assertThat(HostRanges.expand("n[08:11]")).containsExactly("n08", "n09", "n10", "n11");
        assertThat(HostRanges.expand("n[8:11]")).containsExactly("n8", "n9", "n10", "n11");
        assertThat(HostRanges.expand("n[1:6:2].x")).containsExactly("n1.x", "n3.x", "n5.x");
        assertThat(HostRanges.expand("[a:c]-[1:2]")).containsExactly("a-1", "a-2", "b-1", "b-2", "c-1", "c-2");
        assertThat(HostRanges.expand("plain")).containsExactly("plain");
    }

    @Test
    void refusesARangeThatWouldFillTheMemory() {
        var file = AnsibleIni.parse("n[0:999999999]\na-[0:999]-[0:999]\n");

        assertThat(file.hosts()).isEmpty();
        assertThat(file.rejected())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem.problem()).contains("10000"));
    }

    @Test
    void survivesACircleOfGroups() {
        var file = AnsibleIni.parse("[a]\nhost\n[a:children]\nb\n[b:children]\nc\n[c:children]\na\n");

        assertThat(file.hosts()).hasSize(1);
        assertThat(file.rejected()).extracting(LineProblem::field).containsOnly("children");
        assertThat(Objects.requireNonNull(file.rejected().getFirst()).problem()).contains("contain itself");
    }
}
