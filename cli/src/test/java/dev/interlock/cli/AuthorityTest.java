package dev.interlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.cli.CommandLineInFolder.Result;
import dev.interlock.license.LicenseService;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authority, and a real license service that trusts it: two sites, files carried between them. */
class AuthorityTest {

    @TempDir
    static Path folder = Path.of("");

    private static ApplicationContext license = ApplicationContext.builder().build();
    private static CommandLineInFolder interlock = new CommandLineInFolder(folder);

    @BeforeAll
    static void start() throws IOException {
        interlock = new CommandLineInFolder(folder);
        JsonNode made = json(interlock.run("authority", "init", "acme portal", "-o", "json"));
        var properties = ServiceUnderTest.properties("license");
        properties.put("interlock.license.authorities", made.path("publicKey").asText());
        license = LicenseService.start(properties);
        interlock
                .token("admin", TestTokens.token("olga", "operator", "admin"))
                .state(Map.of(
                        Service.LICENSE, license.getBean(EmbeddedServer.class).getURI()));
    }

    @AfterAll
    static void stop() {
        license.close();
    }

    private static void purchase(String code, int seats) {
        String end = "2099-01-01T00:00:00Z";
        assertThat(interlock.run("authority", "entitle", code, "--seats", "" + seats, "--expires", end))
                .returns(0, Result::exitCode);
        assertThat(interlock.run("pools", "register", code, "--seats", "" + seats, "--expires", end))
                .returns(0, Result::exitCode);
    }

    /** The id of a request whose file is beside. */
    private static String request(String server, String code, int total, String file) throws IOException {
        return json(interlock.run("license-servers", "request", server, code, "" + total, "-f", file, "-o", "json"))
                .path("requestId")
                .asText();
    }

    private static Result respond(String request, String response) {
        return interlock.run("authority", "respond", request, "-f", response);
    }

    @Test
    @Clause({"L20", "L21", "L22", "L23", "L26", "L27", "L29"})
    void aFileGoesOutAnAnswerComesBackAndTheLicencesAreThere() throws IOException {
        interlock.run("license-servers", "register", "lic-site");
        purchase("SITE-0001", 30);
        Result made = interlock.run("license-servers", "request", "lic-site", "SITE-0001", "5", "-f", "out.bin");
        assertThat(made.exitCode()).as(made.err()).isZero();
        assertThat(made.out())
                .contains("  MessageType=Capability request\n", "  RequestHostIDType=VM UUID\n")
                .contains("  DesiredRights=(ActivationID=SITE-0001:5)\n");
        String id = made.out().substring("Request ".length(), made.out().indexOf(','));

        Result answered = respond("out.bin", "in.bin");
        assertThat(answered.exitCode()).as(answered.err()).isZero();
        assertThat(answered.out())
                .startsWith("A total of 5 of SITE-0001 for lic-site (")
                .contains("); 25 left.\n");
        assertThat(interlock.run("license-servers", "inspect", "in.bin").out())
                .containsPattern("(?m)^acceptable +true$")
                .containsPattern("(?m)^lifetime seconds +86400$")
                .contains("  ServerID", "acme portal");
        assertThat(interlock.run("license-servers", "upload", id, "in.bin").out())
                .startsWith("Taken in: for ");
        assertThat(interlock.run("license-servers", "apply", id))
                .isEqualTo(new Result(0, "Verified: a total of 5 of SITE-0001 is active (+5), 25 of 30 left.\n", ""));
        assertThat(interlock.run("license-servers", "apply", id).out()).isEqualTo("Applied: a total of 5 is active.\n");
        assertThat(json(interlock.run("license-servers", "custody", id, "-o", "json"))
                        .findValuesAsText("act"))
                .containsExactly("made", "downloaded", "inspected", "uploaded", "applied", "verified");
        assertThat(interlock.run("authority", "list").out())
                .containsPattern("SITE-0001 +Agent-Session +30 +25 +2099-01-01T00:00:00Z +lic-site +[0-9A-F-]{36} +5");
    }

    @Test
    @Clause({"L12", "L15", "L31"})
    void overAllServersNeverMoreThanTheCodeHasAndWhatIsReturnedCanBeGivenAgain() throws IOException {
        interlock.run("license-servers", "register", "lic-one");
        interlock.run("license-servers", "register", "lic-two");
        purchase("SPLIT-1", 10);
        String one = request("lic-one", "SPLIT-1", 8, "one.bin");
        // made while nothing is active anywhere yet: only the authority's book can refuse it
        String two = request("lic-two", "SPLIT-1", 3, "two.bin");
        assertThat(respond("one.bin", "one-answer.bin")).returns(0, Result::exitCode);
        Result refused = respond("two.bin", "two-answer.bin");
        assertThat(refused.exitCode()).isEqualTo(Failure.REFUSED);
        assertThat(refused.err())
                .startsWith(
                        "ACTIVATION_ID_COUNT_EXCEEDED: a total of 3 was asked for; the purchase SPLIT-1 has 10 seats,"
                                + " 8 of them are allotted to other servers, so 2 are available.")
                .contains("Return licenses on other servers first");
        assertThat(folder.resolve("two-answer.bin")).doesNotExist();
        interlock.run("license-servers", "upload", one, "one-answer.bin");
        interlock.run("license-servers", "apply", one);

        request("lic-one", "SPLIT-1", 4, "less.bin");
        assertThat(respond("less.bin", "less-answer.bin").out()).contains("; 6 left.");
        assertThat(respond("two.bin", "two-answer.bin").out()).contains("; 3 left.");
        interlock.run("license-servers", "upload", two, "two-answer.bin");
        assertThat(interlock.run("license-servers", "apply", two).out()).contains("a total of 3");
        assertThat(respond("one.bin", "late.bin").err()).startsWith("A newer request of ");
    }

    @Test
    @Clause({"L17", "L19", "L20", "L30"})
    void licencesAreReturnedBeforeTheyMoveAndAServerThatHoldsSomeIsNotLetGo() throws IOException {
        interlock.run("license-servers", "register", "lic-old");
        interlock.run("license-servers", "register", "lic-new");
        purchase("MOVE-1", 10);
        String all = request("lic-old", "MOVE-1", 9, "all.bin");
        respond("all.bin", "all-answer.bin");
        interlock.run("license-servers", "upload", all, "all-answer.bin");
        interlock.run("license-servers", "apply", all);

        Result held = interlock.run("license-servers", "retire", "lic-old", "--reason", "replaced");
        assertThat(held.exitCode()).isEqualTo(Failure.REFUSED);
        assertThat(held.err())
                .startsWith(
                        "The license server holds licences (409 license-server-holds-licenses)\n  lic-old holds 9 of MOVE-1.")
                .contains("next: Return them all first");

        assertThat(moveStep("returning")).startsWith("1 of 2: return all 9 at lic-old.");
        carry(lastRequest("lic-old"));
        assertThat(moveStep("activating")).startsWith("2 of 2: activate 9 more at lic-new.");
        carry(lastRequest("lic-new"));
        assertThat(interlock.run("pools", "move", "MOVE-1", "lic-old", "lic-new"))
                .isEqualTo(new Result(0, "Moved 9 from lic-old to lic-new.\n", ""));
        assertThat(interlock.run("license-servers", "retire", "lic-old", "--reason", "replaced"))
                .isEqualTo(new Result(0, "Retired lic-old.\n", ""));

        assertThat(interlock.run("license-servers", "declare-lost", "lic-new", "--reason", "disk gone"))
                .returns(0, Result::exitCode);
        Result ticket = interlock.run(
                "license-servers",
                "ticket",
                "lic-new",
                "licenses-lost",
                "--contact",
                "Olga Ode",
                "--email",
                "olga@acme.example");
        assertThat(ticket.out())
                .startsWith("Case reason: Licensing\n")
                .contains("9 of MOVE-1\n", "Contact: Olga Ode, olga@acme.example\n")
                .containsPattern("VM_UUID: [0-9A-F-]{36}\n");
        assertThat(interlock
                        .run("license-servers", "ticket", "lic-new", "portal-access", "--activation-code", "MOVE-1")
                        .out())
                .contains("Access to teradici.flexnetoperations.com", "Activation key: MOVE-1");
        assertThat(interlock
                        .run("license-servers", "ticket", "lic-new", "cannot-transfer-files")
                        .out())
                .contains("without file transfer", "VM_UUID: ");
        assertThat(json(interlock.run("pools", "show", "MOVE-1", "-o", "json"))
                        .path("available")
                        .asInt())
                .as("lost ones are not available again by themselves")
                .isOne();
    }

    /** Given twice before anything was carried, it says the same twice. */
    private static String moveStep(String state) throws IOException {
        Result step = interlock.run("pools", "move", "MOVE-1", "lic-old", "lic-new");
        assertThat(step.exitCode()).as(step.err()).isZero();
        assertThat(json(interlock.run("pools", "move", "MOVE-1", "lic-old", "lic-new", "-o", "json"))
                        .path("state")
                        .asText())
                .isEqualTo(state);
        return step.out();
    }

    private static String lastRequest(String server) throws IOException {
        return json(interlock.run("license-servers", "requests", "--server", server, "-o", "json"))
                .path(0)
                .path("requestId")
                .asText();
    }

    private static void carry(String request) {
        interlock.run("license-servers", "download", request, "-f", "carried.bin");
        assertThat(respond("carried.bin", "carried-answer.bin")).returns(0, Result::exitCode);
        interlock.run("license-servers", "upload", request, "carried-answer.bin");
        assertThat(interlock.run("license-servers", "apply", request)).returns(0, Result::exitCode);
    }

    @Test
    void theSameRequestHasTheSameAnswer() throws IOException {
        interlock.run("license-servers", "register", "lic-twice");
        purchase("TWICE-1", 10);
        request("lic-twice", "TWICE-1", 6, "twice.bin");
        assertThat(respond("twice.bin", "first.bin").out()).startsWith("A total of 6");
        assertThat(respond("twice.bin", "second.bin").out()).startsWith("The same answer as before: a total of 6");
        assertThat(folder.resolve("second.bin")).hasSameBinaryContentAs(folder.resolve("first.bin"));
        assertThat(interlock.run("authority", "list").out()).containsPattern("TWICE-1 +Agent-Session +10 +4 ");
    }

    @Test
    @Clause({"L7", "L13", "L32"})
    void codesMatchExactlyAndRegistrationCodesAreNone() throws IOException {
        interlock.run("license-servers", "register", "lic-codes");
        String end = "2099-01-01T00:00:00Z";
        interlock.run("pools", "register", "abcd-99", "--seats", "3", "--expires", end);
        interlock.run("authority", "entitle", "ABCD-99", "--seats", "3", "--expires", end);
        request("lic-codes", "abcd-99", 1, "codes.bin");
        assertThat(respond("codes.bin", "codes-answer.bin").err())
                .startsWith("ACTIVATION_ID_INVALID: ")
                .contains("was ABCD-99 meant?");
        assertThat(interlock.run(
                        "authority", "entitle", "ABCDEFGH1234@5678-9ABC-DEF0-1234", "--seats", "3", "--expires", end))
                .returns(Failure.USAGE, Result::exitCode)
                .satisfies(refused -> assertThat(refused.err()).contains("registration code of cloud licensing"));
        assertThat(interlock
                        .run("pools", "register", "ABCDEFGH1234@5678-9ABC-DEF0-1234", "--seats", "3", "--expires", end)
                        .err())
                .startsWith("This is a registration code, not an activation code (400 registration-code)");
        assertThat(interlock
                        .run("authority", "entitle", "ABCD-99", "--seats", "4", "--expires", end)
                        .err())
                .contains("entitled already, with 3 seats")
                .contains("a code of its own");
    }

    @Test
    void aRequestThatIsDamagedCutOffOrNoneAtAllIsRefused() throws IOException {
        interlock.run("license-servers", "register", "lic-damaged");
        purchase("DAMAGED-1", 3);
        request("lic-damaged", "DAMAGED-1", 1, "whole.bin");
        byte[] whole = Files.readAllBytes(folder.resolve("whole.bin"));
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 4;
        Files.write(folder.resolve("flipped.bin"), flipped);
        Files.write(folder.resolve("half.bin"), Arrays.copyOf(whole, whole.length / 2));
        Files.write(folder.resolve("big.bin"), new byte[100_000]);
        Files.writeString(folder.resolve("other.bin"), "{}");
        respond("whole.bin", "whole-answer.bin");
        assertThat(respond("flipped.bin", "x").err()).contains("damaged on the way");
        assertThat(respond("half.bin", "x").err()).contains("cut off before its end");
        assertThat(respond("big.bin", "x").err()).contains("more than 65536 bytes");
        assertThat(respond("other.bin", "x").err()).contains("not a request.bin of Interlock");
        assertThat(respond("whole-answer.bin", "x").err()).contains("an answer, not a request");
        assertThat(respond("nowhere.bin", "x")).returns(Failure.USAGE, Result::exitCode);
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void theKeyIsTheOwnersAloneAndTheBookIsWhole() throws IOException {
        var own = new CommandLineInFolder(folder);
        own.run("authority", "init", "own", "--dir", "own");
        own.run("authority", "entitle", "A-1", "--seats", "3", "--expires", "2099-01-01T00:00:00Z", "--dir", "own");
        Path key = folder.resolve("own/key.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("own"))))
                .isEqualTo("rwx------");
        assertThat(own.run("authority", "init", "own", "--dir", "own").err()).startsWith("There is an authority in ");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(own.run("authority", "list", "--dir", "own").err()).contains("may be read by others", "chmod 600");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

        Path book = folder.resolve("own/ledger.jsonl");
        Files.writeString(book, "{\"what\":\"entit", StandardOpenOption.APPEND);
        assertThat(own.run("authority", "list", "--dir", "own").out())
                .as("a line that a crash cut off was never acted on")
                .contains("A-1");
        own.run("authority", "entitle", "A-2", "--seats", "1", "--expires", "2099-01-01T00:00:00Z", "--dir", "own");
        assertThat(own.run("authority", "list", "--dir", "own").out()).contains("A-1", "A-2");
        Files.writeString(book, Files.readString(book).replace("\"seats\":3", "\"seats\":9"));
        assertThat(own.run("authority", "list", "--dir", "own"))
                .returns(Failure.REFUSED, Result::exitCode)
                .satisfies(changed -> assertThat(changed.err())
                        .contains("was changed: line 3 does not follow from the one before", "Restore the folder"));
        assertThat(own.run("authority", "list", "--dir", "nowhere").err()).startsWith("There is no authority in ");
    }

    private static JsonNode json(Result result) throws IOException {
        assertThat(result.exitCode()).as(result.err()).isZero();
        return Api.JSON.readTree(result.out());
    }
}
