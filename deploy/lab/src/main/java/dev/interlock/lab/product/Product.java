package dev.interlock.lab.product;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.Program;
import java.util.List;
import java.util.Map;

/** What makes a bare machine a host of one product. A further product is one more file and one line in {@link Products}. */
public interface Product {
    /** The product's name everywhere in Interlock. */
    String name();

    List<String> variants();

    /** What a host is for in a deployment. */
    String role();

    /** What a host of this variant is for, where that differs. */
    default String role(String variant) {
        return role();
    }

    /** For products whose hosts know of each other. */
    default void furnish(Machine machine, String deployment, String variant, String installed, String offered) {
        furnish(machine, variant, installed, offered);
    }

    /** Installs the product's packages at a version and puts the next one on offer. */
    void furnish(Machine machine, String variant, String installed, String offered);

    String installedByDefault();

    String offeredByDefault();

    /** The product's own commands, by name. */
    default Map<String, Program> programs() {
        return Map.of();
    }

    /** Passwords that Interlock needs for this product, by the credential's name; the lab writes them beside its key. */
    default Map<String, String> passwords() {
        return Map.of();
    }

    /** A fault was set that may be the product's to play. */
    default void failed(Machine machine, Fault fault, String value) {}

    default void healed(Machine machine, Fault fault) {}

    /** For people: what the product's state is. */
    default Map<String, Object> details(Machine machine) {
        return Map.of();
    }
}
