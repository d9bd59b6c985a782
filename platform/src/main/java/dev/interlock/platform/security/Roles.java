package dev.interlock.platform.security;

/**
 * The five roles. They do not imply one another inside a token; what each may do is written at the methods, best with one of the
 * annotations of this package:
 *
 * <table>
 * <caption>Who may do what</caption>
 * <tr><th>annotation</th><th>viewer</th><th>operator</th><th>approver</th><th>admin</th><th>service</th></tr>
 * <tr><td>{@link MayView}</td><td>yes</td><td>yes</td><td>yes</td><td>yes</td><td>yes</td></tr>
 * <tr><td>{@link MayOperate}</td><td></td><td>yes</td><td></td><td>yes</td><td></td></tr>
 * <tr><td>{@link MayReport}</td><td></td><td>yes</td><td></td><td>yes</td><td>yes</td></tr>
 * <tr><td>{@link MayApprove}</td><td></td><td></td><td>yes</td><td>yes</td><td></td></tr>
 * <tr><td>{@link MayAdminister}</td><td></td><td></td><td></td><td>yes</td><td></td></tr>
 * </table>
 *
 * Nobody approves what he planned himself, whatever his roles; that rule lives in upgrade-service.
 */
public final class Roles {

    /** Reads everything but the audit log. */
    public static final String VIEWER = "viewer";

    /** Gives commands: registers, plans, starts, pauses. */
    public static final String OPERATOR = "operator";

    /** The second person: approves and rejects plans. */
    public static final String APPROVER = "approver";

    /** Everything, and the audit log, dead letters, credentials. */
    public static final String ADMIN = "admin";

    /** A machine: reports validations, asks for sessions, reads. */
    public static final String SERVICE = "service";

    private Roles() {}
}
