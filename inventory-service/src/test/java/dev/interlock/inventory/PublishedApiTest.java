package dev.interlock.inventory;

import dev.interlock.testkit.openapi.PublishedApi;
import org.junit.jupiter.api.Test;

class PublishedApiTest {
    @Test
    void theControllersAreWhatIsPublished() {
        PublishedApi.compare("inventory-service", "dev.interlock.inventory");
    }
}
