package dev.interlock.license.app;

/** A license server of its own could not be worked with. All texts are fit for an operator and hold no secret. */
public final class ServerTrouble extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble. */
    public enum Kind {
        /** Not reached, or it broke off. */
        UNREACHABLE("license-server-unreachable", 502, "The license server could not be worked with"),
        /** The password is wrong; it was tried once and is not tried again (L43). */
        PASSWORD_REFUSED(
                "license-server-password-refused", 409, "The license server refused the administrator's password"),
        /** Three wrong passwords block admin commands for ten minutes or until a restart (L43). */
        LOCKED_OUT("administrator-locked-out", 409, "The license server has blocked admin commands"),
        /** It cannot be driven from here as it is registered. */
        NOT_SET_UP("license-server-not-set-up", 409, "The license server cannot be driven from here"),
        /** It said no. */
        REFUSED("license-server-refused", 409, "The license server refused");

        private final String slug;
        private final int status;
        private final String title;

        Kind(String slug, int status, String title) {
            this.slug = slug;
            this.status = status;
            this.title = title;
        }

        public String slug() {
            return slug;
        }

        public int status() {
            return status;
        }

        public String title() {
            return title;
        }
    }

    private final Kind kind;
    private final String next;

    public ServerTrouble(Kind kind, String detail, String next) {
        super(detail);
        this.kind = kind;
        this.next = next;
    }

    public Kind kind() {
        return kind;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public String next() {
        return next;
    }
}
