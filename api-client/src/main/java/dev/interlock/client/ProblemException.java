package dev.interlock.client;

/** The service refused. Decide by {@link Problem#name()}, and show people its title, detail and next. */
public final class ProblemException extends ClientException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Problem problem;

    ProblemException(Connection connection, int status, Problem problem) {
        super(connection, sentence(connection, status, problem), null);
        this.status = status;
        this.problem = problem;
    }

    public int status() {
        return status;
    }

    /** Without members if what refused was no service of Interlock, such as a proxy. */
    public Problem problem() {
        return problem;
    }

    private static String sentence(Connection connection, int status, Problem problem) {
        var text = new StringBuilder(connection.address() + " answered " + status);
        for (String member : new String[] {"title", "detail", "next"}) {
            String said = problem.json().path(member).asText();
            if (!said.isEmpty()) {
                text.append(text.charAt(text.length() - 1) == '.' ? " " : ": ").append(said);
            }
        }
        return text.toString();
    }
}
