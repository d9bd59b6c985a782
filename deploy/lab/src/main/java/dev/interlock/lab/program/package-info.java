/** The programs a host has: coreutils, systemctl, rpm, dnf, curl and their like, as far as product scripts use them. */
@NullMarked
package dev.interlock.lab.program;

import org.jspecify.annotations.NullMarked;
