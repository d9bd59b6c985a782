package dev.interlock.inventory.adapter.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.inventory.domain.Registrations;
import dev.interlock.inventory.domain.Registrations.Entry;
import dev.interlock.inventory.domain.Registrations.Listed;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationsOutputTest {

    private static final String BOTH = """
            @@servers
            ums-1;10.0.0.1;aaa;12.04.100
            UMS-2.example.com;10.0.0.2;bbb;12.04.100
            @@exit 0
            @@network
            server;ums-1;10.0.0.1;aaa;12.04.100;normal
            load-balancer;lb-1;;ccc;;normal
            @@exit 0
            @@done
            """;

    @Test
    void readsServersFromOneListAndLoadBalancersFromTheOther() {
        assertThat(RegistrationsOutput.parse(BOTH))
                .isEqualTo(new Listed(
                        "umsadmin-cli web-certs list-assigned-server, umsadmin-cli network list",
                        Set.of("server", "load-balancer"),
                        List.of(
                                new Entry("aaa", "server", "ums-1", "10.0.0.1", "12.04.100"),
                                new Entry("bbb", "server", "UMS-2.example.com", "10.0.0.2", "12.04.100"),
                                new Entry("ccc", "load-balancer", "lb-1", null, null))));
    }

    @Test
    void comparesOnlyServersWhereTheOtherListIsUnknown() {
        var old = BOTH.replaceAll("(?s)@@network.*@@exit 0", "@@network\nUnknown command network\n@@exit 2");

        assertThat(RegistrationsOutput.parse(old.replace("\n", "\r\n")))
                .isInstanceOfSatisfying(Listed.class, listed -> {
                    assertThat(listed.kinds()).containsExactly("server");
                    assertThat(listed.entries()).hasSize(2);
                });
    }

    @Test
    void provesNothingByTheListOfAServerInUpdateMode() {
        assertThat(RegistrationsOutput.parse("@@copy\n" + BOTH)).isEqualTo(new Registrations.OfACopy());
        assertThat(RegistrationsOutput.parse(BOTH.replace("@@done", "@@copy\n@@done")))
                .as("it went into update mode meanwhile")
                .isEqualTo(new Registrations.OfACopy());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@@servers\nums-1;10.0.0.1;aaa;12.04.100\n",
                "@@servers\nsudo: a password is required\n@@exit 1\n@@network\n@@exit 1\n@@done\n",
                "@@servers\nWARNING something\n@@exit 0\n@@network\n@@exit 2\n@@done\n",
                "@@servers\n@@exit 0\n@@network\nload-balancer;lb\n@@exit 0\n@@done\n"
            })
    void saysWhyItCannotReadWhatIsNoList(String out) {
        assertThat(RegistrationsOutput.parse(out))
                .isInstanceOfSatisfying(
                        Registrations.Unreadable.class,
                        unreadable -> assertThat(unreadable.detail()).isNotBlank());
    }
}
