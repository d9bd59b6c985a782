/** The files that are carried to an authority and back; docs/offline-activation.md has their format. */
@NullMarked
package dev.interlock.license.adapter.files;

import org.jspecify.annotations.NullMarked;
