package dev.interlock.standalone;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code up} was asked for.
 *
 * @param ports 0 for any free one
 * @param isolate one process a service
 * @param second services of which a second instance runs, on any free port; needs {@code isolate}
 * @param lab also play the lab's estate
 * @param labHosts how many hosts that has
 * @param siem where events go for a SIEM; null if nowhere
 * @param throwAway data nobody will miss: the disk is not waited for
 */
record Settings(
        Path data,
        Map<Part, Integer> ports,
        boolean isolate,
        List<Part> second,
        boolean lab,
        int labHosts,
        boolean throwAway,
        boolean foreground,
        @Nullable Siem siem) {

    static final String USAGE = """
            usage: ./interlock up [--data DIR] [--isolate [--second SERVICE]] [--foreground]
                                  [--port-base N] [--console-port N] [--inventory-port N] [--license-port N]
                                  [--upgrade-port N] [--agent-port N] [--postgres-port N] [--kafka-port N]
                                  [--kafka-controller-port N] [--siem ADDRESS]
                                  [--with-lab [--lab-hosts N]]

            Starts PostgreSQL, Kafka, the four services and the console on this machine, on the loopback interface,
            and returns when all are ready; they keep running in the background until ./interlock down.

              --data DIR       where everything is kept (default: .interlock beside the script)
              --port-base N    ports N to N+7 (default 8080, the console's); 0: any free ones
              --isolate        one process a service, instead of one for all
              --second NAME    with --isolate: a second instance of a service, on a free port; may be repeated
              --siem ADDRESS   also send every event to a SIEM: syslog://HOST:PORT, or syslogs:// for TLS;
                               ?format=cef for CEF instead of OCSF (docs/siem.md)
              --with-lab       also play an estate to try things on: hosts behind real SSH, as in the demo, and tokens
                               of four people to act as
              --lab-hosts N    with --with-lab: how many hosts, 15 (the demo's, the default) to 200
              --foreground     stay in the foreground; Ctrl-C stops everything""";

    Settings {
        ports = Map.copyOf(ports);
        second = List.copyOf(second);
    }

    static Settings parse(Path defaultData, List<String> arguments) {
        var left = new ArrayDeque<>(arguments);
        var data = defaultData;
        int base = Part.DEFAULT_BASE;
        var own = new EnumMap<Part, Integer>(Part.class);
        var second = new ArrayList<Part>();
        boolean isolate = false;
        boolean lab = false;
        Integer labHosts = null;
        Siem siem = null;
        boolean throwAway = false;
        boolean foreground = false;
        while (!left.isEmpty()) {
            var option = left.pop();
            switch (option) {
                case "--data" -> data = Path.of(value(option, left));
                case "--port-base" -> base = port(option, value(option, left), 65535 - Part.values().length);
                case "--isolate" -> isolate = true;
                case "--second" -> {
                    var part = Part.ofWord(value(option, left));
                    if (!part.isService()) {
                        throw new StandaloneException("--second wants the name of a service, not " + part.word() + ".");
                    }
                    second.add(part);
                }
                case "--siem" -> siem = Siem.parse(value(option, left));
                case "--foreground" -> foreground = true;
                case "--with-lab" -> lab = true;
                case "--lab-hosts" -> labHosts = number(option, value(option, left), LabEstate.STORY, LabEstate.MOST);
                case "--throw-away" -> throwAway = true;
                default -> {
                    var part = Arrays.stream(Part.values())
                            .filter(p -> p.option().equals(option))
                            .findFirst()
                            .orElseThrow(() ->
                                    new StandaloneException("There is no option '" + option + "' of up.\n" + USAGE));
                    own.put(part, port(option, value(option, left), 65535));
                }
            }
        }
        if (!second.isEmpty() && !isolate) {
            throw new StandaloneException("--second needs --isolate: two instances of a service want two processes.");
        }
        if (labHosts != null && !lab) {
            throw new StandaloneException("--lab-hosts needs --with-lab: it says how many hosts the lab has.");
        }
        var ports = new EnumMap<Part, Integer>(Part.class);
        for (var part : Part.values()) {
            ports.put(part, own.getOrDefault(part, base == 0 ? 0 : base + part.offset()));
        }
        return new Settings(
                data.toAbsolutePath().normalize(),
                ports,
                isolate,
                second,
                lab,
                labHosts == null ? LabEstate.STORY : labHosts,
                throwAway,
                foreground,
                siem);
    }

    private static String value(String option, ArrayDeque<String> left) {
        if (left.isEmpty()) {
            throw new StandaloneException(option + " needs a value.\n" + USAGE);
        }
        return left.pop();
    }

    private static int port(String option, String text, int most) {
        return number(option, text, 0, most);
    }

    private static int number(String option, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new StandaloneException(
                option + " wants a number from " + least + " to " + most + ", not '" + text + "'.");
    }
}
