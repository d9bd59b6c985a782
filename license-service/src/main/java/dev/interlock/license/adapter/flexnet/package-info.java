/** FlexNet Embedded local license servers, such as the PCoIP License Server: REST for reading, commands over SSH for the rest. */
@NullMarked
package dev.interlock.license.adapter.flexnet;

import org.jspecify.annotations.NullMarked;
