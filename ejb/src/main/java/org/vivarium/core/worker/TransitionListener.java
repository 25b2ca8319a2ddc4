package org.vivarium.core.worker;

/** Receives every completed change of state, on the thread that made it; must not block. */
@FunctionalInterface
public interface TransitionListener {

    /** Called exactly once per change, after the new state is visible to all threads. */
    void onTransition(Transition transition);
}
