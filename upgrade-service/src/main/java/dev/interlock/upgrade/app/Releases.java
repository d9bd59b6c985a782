package dev.interlock.upgrade.app;

import dev.interlock.upgrade.domain.Product;
import dev.interlock.upgrade.domain.Release;
import java.time.Instant;
import java.util.List;

/** The releases that Interlock knows. */
public interface Releases {
    List<Release> of(Product product);

    /** @return false if there is one of this version already */
    boolean add(Release release, String by, Instant at);
}
