package dev.interlock.standalone;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingInt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.standalone.LabEstate.Group;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabEstateTest {
    @ParameterizedTest
    @ValueSource(ints = {LabEstate.STORY, 16, 27, 100, LabEstate.MOST})
    void itHasAsManyHostsAsAskedForAndNoneTwice(int hosts) {
        assertThat(names(LabEstate.of(hosts))).hasSize(hosts).doesNotHaveDuplicates();
    }

    @Test
    void theStorysHostsAreAlwaysThereAndNothingIsAddedToTheirDeployments() {
        var story = LabEstate.of(LabEstate.STORY);
        assertThat(LabEstate.of(LabEstate.MOST)).startsWith(story.toArray(Group[]::new));
        assertThat(sizes(story)).isEqualTo(Map.of("keeper-emea", 10, "licenses-emea", 1, "ums-emea", 4));
        assertThat(sizes(LabEstate.of(LabEstate.MOST))).containsAllEntriesOf(sizes(story));
    }

    @Test
    void aHundredHostsAreSevenSitesOfWhichTheLastIsNotWhole() {
        var estate = LabEstate.of(100);
        assertThat(sizes(estate))
                .hasSize(3 * 6 + 1)
                .containsEntry("keeper-boston", 10)
                .containsEntry("licenses-boston", 1)
                .containsEntry("ums-boston", 4)
                .containsEntry("keeper-toronto", 10);
        assertThat(estate.stream().filter(Group::upgraded).map(Group::deployment))
                .contains("keeper-chicago", "ums-recife")
                .doesNotContain("keeper-boston");
    }

    @Test
    void anotherSizeIsRefused() {
        assertThatThrownBy(() -> LabEstate.of(14)).hasMessageContaining("15 to 200 hosts, not 14");
        assertThatThrownBy(() -> LabEstate.of(201)).hasMessageContaining("not 201");
    }

    private static List<String> names(List<Group> estate) {
        return estate.stream().flatMap(group -> group.hosts().stream()).toList();
    }

    private static Map<String, Integer> sizes(List<Group> estate) {
        return estate.stream()
                .collect(groupingBy(
                        Group::deployment, summingInt(group -> group.hosts().size())));
    }
}
