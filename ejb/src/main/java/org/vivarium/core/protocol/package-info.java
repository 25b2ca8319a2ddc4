/** The bytes between the server and Python, as docs/PROTOCOL.md describes them. Start at FrameType. Does no I/O. */
@NullMarked
package org.vivarium.core.protocol;

import org.jspecify.annotations.NullMarked;
