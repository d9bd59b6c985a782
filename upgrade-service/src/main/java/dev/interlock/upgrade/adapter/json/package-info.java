/** Plans as canonical JSON. */
@NullMarked
package dev.interlock.upgrade.adapter.json;

import org.jspecify.annotations.NullMarked;
