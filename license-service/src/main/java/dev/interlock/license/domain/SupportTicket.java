package dev.interlock.license.domain;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the vendor's support needs to know, ready to be copied into a ticket. Interlock sends none itself.
 *
 * @param caseReason to choose in the vendor's form
 */
public record SupportTicket(String caseReason, String subject, String text) {

    /** Why a ticket is opened. */
    public enum About {
        /** Files cannot be carried to a machine with a connection (L30). */
        CANNOT_TRANSFER_FILES,
        /** Somebody needs access to the licensing portal (L20). */
        PORTAL_ACCESS,
        /** A server is gone with the licences that it held (L17). */
        LICENSES_LOST
    }

    /** So many licences of a code. */
    public record Held(String activationCode, int total) {}

    /**
     * @param machineId the VM UUID of the license server
     * @param activationKey that is valid; needed for access to the portal
     */
    public static SupportTicket of(
            About about,
            String serverName,
            String machineId,
            List<Held> held,
            @Nullable String activationKey,
            @Nullable String contactName,
            @Nullable String contactEmail) {
        var licenses = held.isEmpty()
                ? "none"
                : held.stream()
                        .map(each -> each.total() + " of " + each.activationCode())
                        .collect(Collectors.joining("\n  ", "\n  ", ""));
        var contact = "Contact: " + (contactName == null ? "<name>" : contactName) + ", "
                + (contactEmail == null ? "<e-mail>" : contactEmail);
        return switch (about) {
            case CANNOT_TRANSFER_FILES ->
                new SupportTicket(
                        "Licensing",
                        "License activation for an offline PCoIP License Server without file transfer",
                        """
                        Files cannot be transferred from our PCoIP License Server to a machine with a connection to the internet.
                        Please facilitate the activation of its licenses.

                        License server: %s
                        VM_UUID: %s
                        Licenses that it holds now: %s
                        %s
                        """.formatted(serverName, machineId, licenses, contact));
            case PORTAL_ACCESS ->
                new SupportTicket("Licensing", "Access to teradici.flexnetoperations.com", """
                        Please give this contact access to teradici.flexnetoperations.com, so that licenses of an offline PCoIP
                        License Server can be activated.

                        Activation key: %s
                        %s
                        License server: %s
                        VM_UUID: %s
                        """.formatted(
                                activationKey == null ? "<a valid activation key>" : activationKey,
                                contact,
                                serverName,
                                machineId));
            case LICENSES_LOST ->
                new SupportTicket("Licensing", "Licenses lost with a PCoIP License Server", """
                        A PCoIP License Server was destroyed or its trusted storage corrupted while it held licenses, which can
                        no longer be returned from it. Please make them available again.

                        License server: %s
                        VM_UUID: %s
                        Licenses lost with it: %s
                        %s
                        """.formatted(
                                serverName, machineId, licenses, contact));
        };
    }
}
