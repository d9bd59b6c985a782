package dev.interlock.embedded;

import java.nio.file.Path;

/** Another living process holds the folder. */
public final class FolderInUseException extends EmbeddedException {
    private static final long serialVersionUID = 1L;

    public FolderInUseException(Path folder, String holder) {
        super("The data folder " + folder + " is in use" + (holder.isBlank() ? "" : " by process " + holder)
                + ". Stop that one first, or choose another folder.");
    }
}
