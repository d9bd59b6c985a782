package dev.interlock.lab.product;

import dev.interlock.lab.machine.Machine;
import java.util.List;

/** What makes a bare machine a host of one product. A further product is one more file and one line in {@link Products}. */
public interface Product {
    /** The product's name everywhere in Interlock. */
    String name();

    List<String> variants();

    /** What a host is for in a deployment. */
    String role();

    /** Installs the product's packages at a version and puts the next one on offer. */
    void furnish(Machine machine, String variant, String installed, String offered);

    String installedByDefault();

    String offeredByDefault();
}
