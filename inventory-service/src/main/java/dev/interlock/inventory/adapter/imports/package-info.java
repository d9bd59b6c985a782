/** Inventories from files: CSV and Ansible's. */
@NullMarked
package dev.interlock.inventory.adapter.imports;

import org.jspecify.annotations.NullMarked;
