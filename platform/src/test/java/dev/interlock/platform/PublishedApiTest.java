package dev.interlock.platform;

import dev.interlock.testkit.openapi.PublishedApi;
import org.junit.jupiter.api.Test;

class PublishedApiTest {
    @Test
    void theControllersAreWhatIsPublished() {
        PublishedApi.compare("platform", "dev.interlock.platform");
    }
}
