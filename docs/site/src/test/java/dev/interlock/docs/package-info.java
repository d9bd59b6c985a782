/** Whether the documentation holds together: its links, and the site as browsers see it. */
@org.jspecify.annotations.NullMarked
package dev.interlock.docs;
