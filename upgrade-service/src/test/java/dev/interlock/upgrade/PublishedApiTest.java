package dev.interlock.upgrade;

import dev.interlock.testkit.openapi.PublishedApi;
import org.junit.jupiter.api.Test;

class PublishedApiTest {
    @Test
    void theControllersAreWhatIsPublished() {
        PublishedApi.compare("upgrade-service", "dev.interlock.upgrade");
    }
}
