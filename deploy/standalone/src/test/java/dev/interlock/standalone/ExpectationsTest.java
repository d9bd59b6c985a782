package dev.interlock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contracts.Channel;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpectationsTest {
    private static EventWatch.Seen seen(Channel channel, String type, String key) {
        return new EventWatch.Seen(channel, 0, 0, key, type, null);
    }

    @Test
    void anEventFulfilsOneExpectationOnly() {
        var expected = new Expectations();
        expected.add(Channel.AGENT_EVENTS, "AgentValidated", "ben", "desk-ben");
        expected.add(Channel.AGENT_EVENTS, "AgentValidated", "ben", "desk-ben");
        var once = List.of(seen(Channel.AGENT_EVENTS, "AgentValidated", "ben"));
        assertThat(expected.missing(once))
                .containsExactly("AgentValidated about desk-ben on interlock.agent.events.v1");
    }

    @Test
    void theRightEventOnTheWrongTopicOrOfAnotherKeyDoesNotCount() {
        var expected = new Expectations();
        expected.add(Channel.LICENSE_SESSIONS, "SessionAuthorized", "server", "anna");
        assertThat(expected.missing(List.of(
                        seen(Channel.LICENSE_EVENTS, "SessionAuthorized", "server"),
                        seen(Channel.LICENSE_SESSIONS, "SessionAuthorized", "other"),
                        seen(Channel.LICENSE_SESSIONS, "SessionDenied", "server"))))
                .hasSize(1);
        assertThat(expected.missing(List.of(seen(Channel.LICENSE_SESSIONS, "SessionAuthorized", "server"))))
                .isEmpty();
    }
}
