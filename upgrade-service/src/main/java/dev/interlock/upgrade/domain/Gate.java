package dev.interlock.upgrade.domain;

/**
 * A person confirms, decides or acts; the run waits. Confirmed, it counts as succeeded; refused, as failed.
 *
 * @param question what the person confirms, and what they do before it
 * @param role who may answer: operator, approver or admin
 * @param ofDeployment about the deployment as a whole, not about the host of its step
 */
public record Gate(String question, String role, boolean ofDeployment) implements Action {
    @Override
    public String word() {
        return "gate";
    }
}
