package dev.interlock.agent.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The grace periods that follow from a set of validations, whatever the order in which these became known. */
public final class GracePeriods {
    private GracePeriods() {}

    /**
     * In order of time. A period needs an earlier success (L34), starts with the first failure after a success (L33) and lasts
     * until the next success (L35); further failures change nothing.
     */
    public static List<GracePeriod> of(Collection<Validation> validations) {
        var periods = new ArrayList<GracePeriod>();
        @Nullable Validation lastLicensed = null;
        @Nullable Validation firstFailure = null;
        for (Validation validation : new TreeSet<>(validations)) {
            if (validation.succeeded()) {
                if (lastLicensed != null && firstFailure != null) {
                    periods.add(new GracePeriod(lastLicensed, firstFailure, validation));
                }
                lastLicensed = validation;
                firstFailure = null;
            } else if (lastLicensed != null && firstFailure == null) {
                firstFailure = validation;
            }
        }
        if (lastLicensed != null && firstFailure != null) {
            periods.add(new GracePeriod(lastLicensed, firstFailure, null));
        }
        return List.copyOf(periods);
    }
}
