package dev.interlock.inventory.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.inventory.domain.Orphan.Candidate;
import dev.interlock.inventory.domain.Registrations.Entry;
import dev.interlock.testkit.Clause;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrphanTest {

    private static Entry server(String id, String name, @Nullable String address) {
        return new Entry(id, "server", name, address, "12.04.100");
    }

    private static Candidate member(String name, String address, String... kinds) {
        return new Candidate(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
                name,
                null,
                address,
                Set.of(kinds),
                "12.04.100");
    }

    private static List<String> orphans(List<Entry> entries, Candidate... members) {
        return Orphan.among(entries, List.of(members)).stream()
                .map(orphan -> orphan.registered().id())
                .toList();
    }

    @Test
    @Clause("G2")
    void isARegistrationThatIsNoMember() {
        var entries = List.of(
                server("1", "ums-1", "10.0.0.1"), server("2", "UMS-2.example.com", null), server("3", "ums-old", null));

        assertThat(orphans(entries, member("ums-1", "10.0.0.1", "server"), member("ums-2", "x", "server")))
                .containsExactly("3");
        assertThat(Orphan.among(entries.subList(2, 3), List.of()).getFirst().next())
                .contains("ums-old", "UMS Administration > UMS Network > Server");
    }

    @Test
    @Clause("G2")
    void isOfItsKind() {
        var balancer = new Entry("9", "load-balancer", "ums-1", "10.0.0.1", null);

        assertThat(orphans(List.of(balancer), member("ums-1", "10.0.0.1", "server")))
                .containsExactly("9");
        assertThat(orphans(List.of(balancer), member("ums-1", "10.0.0.1", "server", "load-balancer")))
                .isEmpty();
    }

    @Test
    void isNoneIfTheMachineItselfHasThatNameOrItsAddressIsRegistered() {
        var named = new Candidate(UUID.randomUUID(), "fra-01", "igel7.corp", "10.0.0.1", Set.of("server"), null);

        assertThat(orphans(List.of(server("1", "IGEL7", null)), named)).isEmpty();
        assertThat(orphans(List.of(server("1", "other", "10.0.0.1")), named)).isEmpty();
        assertThat(orphans(List.of(server("1", "other", "127.0.0.1")), member("ums-1", "127.0.0.1", "server")))
                .as("every machine has this address")
                .containsExactly("1");
    }

    @Test
    @Clause("G2")
    void isWhatAMachineThatWasSetUpAnewLeftBehind() {
        var one = member("ums-1", "10.0.0.1", "server");
        var before = new Entry("old", "server", "ums-1", "10.0.0.1", "12.03.100");
        var after = server("new", "ums-1", "10.0.0.1");

        assertThat(orphans(List.of(before, after), one)).containsExactly("old");
        assertThat(orphans(List.of(after, before), one)).containsExactly("old");
        assertThat(orphans(List.of(server("renamed", "ums-0", "10.0.0.1"), after), one))
                .containsExactly("renamed");
    }
}
