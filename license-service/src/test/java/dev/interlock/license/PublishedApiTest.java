package dev.interlock.license;

import dev.interlock.testkit.openapi.PublishedApi;
import org.junit.jupiter.api.Test;

class PublishedApiTest {
    @Test
    void theControllersAreWhatIsPublished() {
        PublishedApi.compare("license-service", "dev.interlock.license");
    }
}
