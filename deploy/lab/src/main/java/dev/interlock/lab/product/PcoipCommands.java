package dev.interlock.lab.product;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.product.PcoipMessages.Request;
import dev.interlock.lab.product.PcoipMessages.Response;
import dev.interlock.lab.product.PcoipPortal.Entitlement;
import dev.interlock.lab.product.PcoipPortal.PortalException;
import dev.interlock.lab.product.PcoipTrustedStorage.License;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The commands of seed 001. Tables, file contents and the names of errors are the source's; exit status 1 for every failure,
 * errors on standard error, and sentences that the source does not quote are assumed.
 */
final class PcoipCommands {
    static final String PASSWORD = "TERADICI_LICENSE_SERVER_PASSWORD";
    private static final String DOUBLE = "=".repeat(79);
    private static final String SINGLE = "-".repeat(79);

    /** The command ends with this error. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** A command, once it is known to reach its server. */
    private interface Body {
        int run(Call call, PcoipLicenseServerNode node, Map<String, String> options) throws IOException, Refused;
    }

    private PcoipCommands() {}

    static Map<String, Program> all() {
        var all = new TreeMap<String, Program>();
        all.put("pcoip-list-licenses", command("p", "", PcoipCommands::list));
        all.put("pcoip-view-license", command("p", "", PcoipCommands::list));
        all.put("pcoip-get-license-server-id", command("p", "", PcoipCommands::id));
        all.put("pcoip-activate-offline-license", command("pacrv", "g", PcoipCommands::offline));
        all.put("pcoip-activate-online-license", command("pac", "", PcoipCommands::online));
        all.put("pcoip-set-password", command("pn", "", PcoipCommands::setPassword));
        return all;
    }

    /** @param valued letters of options with a value, {@code flags} of those without */
    private static Program command(String valued, String flags, Body body) {
        return call -> {
            var options = new HashMap<String, String>();
            List<String> arguments = call.arguments();
            for (int i = 0; i < arguments.size(); i++) {
                String argument = arguments.get(i);
                String letter = argument.startsWith("-") ? argument.substring(1) : "";
                if (letter.length() == 1 && flags.contains(letter)) {
                    options.put(letter, "");
                } else if (letter.length() == 1 && valued.contains(letter) && i + 1 < arguments.size()) {
                    i++;
                    options.put(letter, arguments.get(i));
                } else {
                    call.err("usage: " + call.name() + " [options]\n" + call.name()
                            + ": error: unrecognized arguments: " + argument);
                    return 2;
                }
            }
            try {
                return body.run(call, call.machine().attached(PcoipLicenseServerNode.class), options);
            } catch (Refused e) {
                call.err("ERROR: " + e.getMessage());
                return 1;
            }
        };
    }

    // ---- the server and its password

    private static void connect(PcoipLicenseServerNode node) throws Refused {
        if (!node.listening()) {
            throw new Refused("Connection to server failed or refused");
        }
        if (!node.hasCertificates()) {
            throw new Refused("FNE License Server has not been configured for HTTPS");
        }
    }

    private static void login(Call call, PcoipLicenseServerNode node, Map<String, String> options)
            throws IOException, Refused {
        connect(node);
        String password = options.get("p");
        if (password == null) {
            password = call.environment().get(PASSWORD);
        }
        if (password == null) {
            password = ask(call, "Enter the license server password: ");
        }
        check(call, node, password);
    }

    private static void check(Call call, PcoipLicenseServerNode node, String password) throws Refused {
        switch (node.login(call.process(), password)) {
            case IN -> {}
            case WRONG -> throw new Refused("Invalid password");
            case LOCKED -> throw new Refused("Too many failed logins");
        }
    }

    private static String ask(Call call, String prompt) throws IOException, Refused {
        call.out(prompt);
        var line = new ByteArrayOutputStream();
        byte[] one = new byte[1];
        int n = call.read(one);
        if (n < 0) {
            throw new Refused("A password is required");
        }
        while (n >= 0 && one[0] != '\n') {
            if (n > 0) {
                line.write(one[0]);
            }
            n = call.read(one);
        }
        call.line("");
        return line.toString(StandardCharsets.UTF_8);
    }

    // ---- one method a command

    private static int list(Call call, PcoipLicenseServerNode node, Map<String, String> options)
            throws IOException, Refused {
        login(call, node, options);
        List<License> licenses = node.content().licenses();
        call.line(DOUBLE);
        call.line(String.format(Locale.ROOT, "%-20s%-21s%s", "Name", "Count", "Version"));
        call.line(String.format(Locale.ROOT, "%-20s%s", "Type", "Expiration"));
        call.line(DOUBLE);
        call.line("");
        for (License license : licenses) {
            call.line(String.format(
                    Locale.ROOT,
                    "%-20s%-21d%s",
                    license.feature(),
                    license.count(),
                    PcoipLicenseServerNode.featureVersion(license)));
            call.line(String.format(Locale.ROOT, "%-20s%s", "CONCURRENT", license.expires()));
        }
        call.line("");
        call.line("Total number of features : " + licenses.size());
        call.line("");
        call.line(DOUBLE);
        call.line(String.format(Locale.ROOT, "%-20s%-22s%s", "Feature ID", "Feature Name", "Feature Version"));
        call.line("Feature Count Used/Available");
        call.line(DOUBLE);
        int total = 0;
        for (int i = 0; i < licenses.size(); i++) {
            License license = licenses.get(i);
            total += license.count();
            call.line(String.format(Locale.ROOT, "%-20d%s", i + 1, license.feature()));
            call.line(String.format(
                    Locale.ROOT, "%-20s0/%d", PcoipLicenseServerNode.featureVersion(license), license.count()));
        }
        call.line(DOUBLE);
        call.line("");
        call.line("Device Information:");
        call.line("");
        call.line(SINGLE);
        call.line("Device Name                Feature Registered(Used Count)");
        call.line(SINGLE);
        call.line(DOUBLE);
        call.line("");
        call.line("Total feature count      : " + total);
        call.line("Total feature count used : 0");
        call.line("Total uncounted features : 0");
        call.line(DOUBLE);
        return 0;
    }

    private static int id(Call call, PcoipLicenseServerNode node, Map<String, String> options)
            throws IOException, Refused {
        login(call, node, options);
        call.line("VM_UUID (" + node.hostId() + ")");
        return 0;
    }

    private static int count(Map<String, String> options) throws Refused {
        String text = options.getOrDefault("c", "");
        if (!text.matches("\\d{1,6}")) {
            throw new Refused("The number of licenses (-c) must be given as a whole number");
        }
        return Integer.parseInt(text);
    }

    private static String code(Map<String, String> options) throws Refused {
        String code = options.getOrDefault("a", "");
        if (!code.matches("[A-Za-z0-9-]{1,100}")) {
            throw new Refused("The activation code (-a) must be given");
        }
        return code;
    }

    private static int online(Call call, PcoipLicenseServerNode node, Map<String, String> options)
            throws IOException, Refused {
        String code = code(options);
        int count = count(options);
        login(call, node, options);
        Entitlement entitlement;
        try {
            entitlement = node.portal().allocate(code, count, node.hostId());
        } catch (PortalException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
        node.activate(
                call.process(),
                code,
                count,
                entitlement.feature(),
                entitlement.expires().toString(),
                null);
        call.line("Activated " + count + " licenses.");
        return 0;
    }

    private static int offline(Call call, PcoipLicenseServerNode node, Map<String, String> options)
            throws IOException, Refused {
        if (options.containsKey("g")) {
            return request(call, node, options);
        }
        String view = options.get("v");
        if (view != null) {
            Response response = Response.read(file(call, view));
            if (response == null) {
                throw new Refused("The response file is damaged or is no capability response.");
            }
            show(call, call.path(view), response.shown());
            return 0;
        }
        String apply = options.get("r");
        if (apply == null) {
            throw new Refused("One of -g, -r and -v must be given");
        }
        byte[] file = file(call, apply);
        login(call, node, options);
        String problem = node.apply(call.process(), file);
        if (problem != null) {
            throw new Refused(problem);
        }
        call.line("The response was processed successfully.");
        return 0;
    }

    private static int request(Call call, PcoipLicenseServerNode node, Map<String, String> options)
            throws IOException, Refused {
        String code = code(options);
        int count = count(options);
        login(call, node, options);
        var request = new Request(
                node.hostId(), node.hostUuid().toString(), call.machine().now(), code, count);
        String path = call.path("request.bin");
        byte[] bytes = request.bytes();
        try {
            FileSystem.Node file = call.files().openWrite(path, true, call.uid(), 0644);
            call.files().write(file, 0, bytes, 0, bytes.length);
        } catch (Errno e) {
            throw new Refused("Cannot write " + path + ": " + e.text());
        }
        show(call, path, request.shown());
        return 0;
    }

    private static byte[] file(Call call, String name) throws IOException, Refused {
        try {
            return call.readFile(name);
        } catch (Errno e) {
            throw new Refused("Cannot read " + call.path(name) + ": " + e.text());
        }
    }

    private static void show(Call call, String path, List<String> lines) throws IOException {
        call.line("The binary file " + path + " includes the following information:");
        for (String line : lines) {
            call.line(line);
        }
    }

    private static int setPassword(Call call, PcoipLicenseServerNode node, Map<String, String> options)
            throws IOException, Refused {
        if (call.uid() != 0) {
            throw new Refused("You must have superuser (sudo) permissions to run this command");
        }
        connect(node);
        String current = options.get("p");
        String next = options.get("n");
        if (current == null) {
            current = ask(call, "Enter the current password: ");
        }
        if (next == null) {
            next = ask(call, "Enter the new password: ");
            if (!next.equals(ask(call, "Confirm the new password: "))) {
                throw new Refused("The passwords do not match");
            }
        }
        check(call, node, current);
        String problem = unfit(next);
        if (problem != null) {
            throw new Refused("The new password does not conform to the password rules: " + problem);
        }
        node.password(next);
        call.line("The password was changed.");
        return 0;
    }

    /** L39. */
    private static @Nullable String unfit(String password) {
        if (password.length() < 8 || password.length() > 30) {
            return "it must be between 8 and 30 characters long";
        }
        var rules = Map.of(
                ".*[a-z].*", "a lowercase letter",
                ".*[A-Z].*", "an uppercase letter",
                ".*[0-9].*", "a digit",
                ".*[^A-Za-z0-9].*", "a symbol");
        for (var rule : rules.entrySet()) {
            if (!password.matches(rule.getKey())) {
                return "it must contain at least one " + rule.getValue().replaceFirst("^an? ", "");
            }
        }
        return Set.of('\'', '"', '\\', ' ').stream().anyMatch(c -> password.indexOf(c) >= 0)
                ? "it must not contain quotes, a backslash or a space"
                : null;
    }
}
