package dev.interlock.inventory.domain;

import static dev.interlock.inventory.domain.Estate.facts;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecognizerTest {

    @Test
    void findsKeeperWithItsStandaloneService() {
        assertThat(Recognizer.recognize(facts(
                        Map.of("kcm", "1.4.0", "kcm-guacamole", "1.4.1", "keeper-guacamole-standalone", "1.4.0"),
                        Map.of())))
                .containsExactly(new Installed(Product.KEEPER, "1.4.1", "standalone"));
    }

    @Test
    void findsKeeperUnderTheCustomersOwnTomcat() {
        assertThat(Recognizer.recognize(facts(
                        Map.of("kcm-guacamole", "1.4.0", "kcm-guacd", "1.4.0"),
                        Map.of("tomcat", "active", "guacd", "active"))))
                .containsExactly(new Installed(Product.KEEPER, "1.4.0", "tomcat"));
    }

    @Test
    void findsAProxyThatHasNoWebApplication() {
        assertThat(Recognizer.recognize(facts(Map.of("kcm-guacd", "1.4.0"), Map.of("guacd", "active"))))
                .containsExactly(new Installed(Product.KEEPER, "1.4.0", "guacd-only"));
    }

    @Test
    void countsTheOlderOfTwoVersionsOfOnePackageBecauseItsUpdateHasNotEnded() {
        assertThat(Recognizer.recognize(facts(Map.of("kcm-guacamole", "1.10.0, 1.9.0"), Map.of())))
                .containsExactly(new Installed(Product.KEEPER, "1.9.0", "tomcat"));
    }

    @Test
    void tellsTheClassicConnectionManagerFromTheOneInContainers() {
        var classic = facts(Map.of(), Map.of("connection_manager", "active", "security_gateway", "active"));
        var container = facts(Map.of("pcoip-cmsg-setup", "23.12"), Map.of());

        assertThat(Recognizer.recognize(classic))
                .containsExactly(new Installed(Product.PCOIP_CONNECTION_MANAGER, Installed.UNKNOWN, "classic"));
        assertThat(Recognizer.recognize(container))
                .containsExactly(new Installed(Product.PCOIP_CONNECTION_MANAGER, "23.12", "container"));
    }

    @Test
    void findsTheLicenseServerByPackageOrByItsUnit() {
        assertThat(Recognizer.recognize(facts(Map.of("pcoip-license-server", "22.07"), Map.of())))
                .containsExactly(new Installed(Product.PCOIP_LICENSE_SERVER, "22.07", ""));
        assertThat(Recognizer.recognize(facts(Map.of(), Map.of("flexnetls-TERADICI", "active"))))
                .containsExactly(new Installed(Product.PCOIP_LICENSE_SERVER, Installed.UNKNOWN, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "igel-ums-server, igel-ums-broker, server+load-balancer",
        "igelRMserver, igelUMSbroker, server+load-balancer",
        "igel-ums-server, igel-ums-watchdog, server",
        "igel-ums-broker, igel-ums-watchdog, load-balancer"
    })
    void tellsWhatPartsOfUmsAHostHasBeforeAndSinceSystemd(String one, String other, String variant) {
        assertThat(Recognizer.recognize(facts(Map.of("igel-ums", "12.04.100"), Map.of(one, "active", other, "active"))))
                .containsExactly(new Installed(Product.IGEL_UMS, "12.04.100", variant));
    }

    @Test
    void findsSeveralProductsOnOneHostAndNothingOnABareOne() {
        assertThat(Recognizer.recognize(facts(
                        Map.of("kcm-guacamole", "1.4.0", "parallels-secure-workspace", "5.4.0"),
                        Map.of("guacamole", "failed"))))
                .containsExactly(
                        new Installed(Product.KEEPER, "1.4.0", "standalone"),
                        new Installed(Product.PARALLELS, "5.4.0", ""));
        assertThat(Recognizer.recognize(facts(Map.of(), Map.of("tomcat", "active", "guacd", "active"))))
                .isEqualTo(List.of());
    }
}
