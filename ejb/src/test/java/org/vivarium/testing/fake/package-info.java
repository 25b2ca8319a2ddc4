/**
 * A pool without Python: worker processes that tests step by hand and that speak the real protocol, and a time that
 * passes when a test says so. Start at SteppedPool.
 */
package org.vivarium.testing.fake;
