package dev.interlock.contracts;

/** The topics of the product. Each has one publishing service. */
public enum Channel {
    INVENTORY_EVENTS("interlock.inventory.events.v1", "inventory", "inventory-service", false),
    /** {@link HostState} by host id. */
    INVENTORY_HOSTS("interlock.inventory.hosts.v1", "inventory", "inventory-service", true),
    /** {@link DeploymentState} by deployment id. */
    INVENTORY_DEPLOYMENTS("interlock.inventory.deployments.v1", "inventory", "inventory-service", true),
    LICENSE_EVENTS("interlock.license.events.v1", "license", "license-service", false),
    /** High volume: each session authorised, denied, released. */
    LICENSE_SESSIONS("interlock.license.sessions.v1", "license", "license-service", false),
    UPGRADE_EVENTS("interlock.upgrade.events.v1", "upgrade", "upgrade-service", false),
    AGENT_EVENTS("interlock.agent.events.v1", "agent", "agent-monitor", false),
    /** {@link AgentState} by agent id. */
    AGENT_AGENTS("interlock.agent.agents.v1", "agent", "agent-monitor", true);

    private final String topic;
    private final String domain;
    private final String service;
    private final boolean compacted;

    Channel(String topic, String domain, String service, boolean compacted) {
        this.topic = topic;
        this.domain = domain;
        this.service = service;
        this.compacted = compacted;
    }

    public String topic() {
        return topic;
    }

    /** The middle part of a type name: {@code dev.interlock.<domain>.<Event>.v1}. */
    public String domain() {
        return domain;
    }

    /** The service that alone writes to this topic. */
    public String service() {
        return service;
    }

    /** {@code ce_source}, for example {@code /interlock/inventory-service}. */
    public String source() {
        return "/interlock/" + service;
    }

    /** Whether the topic keeps the last record of each key for ever, and nothing else. */
    public boolean compacted() {
        return compacted;
    }
}
