package dev.interlock.upgrade.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
    @Test
    void versionsAreOrderedByTheirNumbersNotAsText() {
        assertThat(new Version("1.10.0")).isGreaterThan(new Version("1.9.3"));
        assertThat(new Version("2")).isGreaterThan(new Version("1.99"));
        assertThat(new Version("1.5")).isEqualByComparingTo(new Version("1.5.0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latest", "1.", "1..2", "1.5.0-1.el9", "1.5.0; reboot", "99999999999"})
    void whatIsNoVersionIsRefused(String text) {
        assertThatThrownBy(() -> new Version(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
