/** The four APIs under one roof: requests and answers are passed on as they come, streams included. */
@NullMarked
package dev.interlock.edge.proxy;

import org.jspecify.annotations.NullMarked;
