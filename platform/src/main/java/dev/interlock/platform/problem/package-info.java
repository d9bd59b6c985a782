/** Every error answer is an RFC 9457 problem with a stable type and a next step; contracts/api/problems.yml describes them. */
@NullMarked
package dev.interlock.platform.problem;

import org.jspecify.annotations.NullMarked;
