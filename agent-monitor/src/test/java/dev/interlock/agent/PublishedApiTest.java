package dev.interlock.agent;

import dev.interlock.testkit.openapi.PublishedApi;
import org.junit.jupiter.api.Test;

class PublishedApiTest {
    @Test
    void theControllersAreWhatIsPublished() {
        PublishedApi.compare("agent-monitor", "dev.interlock.agent");
    }
}
