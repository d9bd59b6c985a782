/** The web page and its headers. */
@NullMarked
package dev.interlock.edge.site;

import org.jspecify.annotations.NullMarked;
